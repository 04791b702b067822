import Guidebook
import SwiftUI

/// What to do for her, and on which day.
struct FollowUpScreen: View {
    @Environment(\.words) private var words
    @Bindable var model: FollowUpModel

    var body: some View {
        SheetBar(words.followUpTitle(model.name), close: model.close) {
            Form {
                Section {
                    TextField(words.followUpHint, text: $model.text, axis: .vertical).modifier(FocusOnAppear())
                } footer: {
                    Text(words.charactersLeft(model.left))
                    ProblemText(problem: model.problem)
                }
                Section(words.followUpWhen) {
                    LazyVGrid(columns: Look.chips, spacing: 8) {
                        ForEach(FollowUpModel.usual, id: \.self) { days in
                            Chip(title: words.inDays(days), selected: model.due == model.today.adding(days: days)) {
                                model.choose(days: days)
                            }
                        }
                    }
                    DatePicker(
                        words.followUpOther, selection: $model.dueDate, in: model.earliest..., displayedComponents: .date)
                }
                MainButton(title: words.save) { model.save() }.disabled(!model.canSave)
            }
        }
    }
}
