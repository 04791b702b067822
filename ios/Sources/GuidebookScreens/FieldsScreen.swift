import Guidebook
import SwiftUI

/// Remark name, preferences, sizes.
struct FieldsScreen: View {
    @Environment(\.words) private var words
    @Bindable var model: FieldsModel

    var body: some View {
        SheetBar(words.fieldsFor(model.name), close: model.close) {
            Form {
                if model.loaded {
                    ForEach(Field.allCases, id: \.self) { field in
                        Section {
                            TextField(words.field(field), text: $model[field], axis: .vertical)
                        } header: {
                            Text(words.field(field))
                        } footer: {
                            if model.tooLong(field) {
                                Text(words.fieldTooLong(model.limit(of: field))).foregroundStyle(.red)
                            }
                            ProblemText(problem: model.problems[field])
                        }
                    }
                    MainButton(title: words.save) { model.save() }.disabled(!model.canSave)
                } else {
                    ProgressView(words.loading)
                }
            }
        }
    }
}
