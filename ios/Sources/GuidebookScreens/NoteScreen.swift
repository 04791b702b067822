import Guidebook
import SwiftUI

/// Writing a note: the cursor is in it.
struct NoteScreen: View {
    @Environment(\.words) private var words
    @Bindable var model: NoteModel

    var body: some View {
        SheetBar(words.noteTitle(model.name), close: model.close) {
            Form {
                Section {
                    TextField(words.noteHint, text: $model.text, axis: .vertical)
                        .lineLimit(4...12)
                        .modifier(FocusOnAppear())
                } footer: {
                    Text(words.charactersLeft(model.left))
                    ProblemText(problem: model.problem)
                }
                MainButton(title: words.save) { model.save() }.disabled(!model.canSave)
            }
        }
    }
}
