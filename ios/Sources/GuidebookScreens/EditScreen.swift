import Guidebook
import SwiftUI

/// One edit: what it was, what became of it, and once more.
struct EditScreen: View {
    @Environment(\.words) private var words
    let model: EditModel

    var body: some View {
        Group {
            switch model.state {
            case .loading: ProgressView(words.loading)
            case .failed(let problem): FailedView(problem: problem) { model.tryAgain() }
            case .shown(let content): list(content)
            }
        }
        .navigationTitle(words.editTitle)
        .navigationBarTitleDisplayMode(.inline)
    }

    private func list(_ content: EditModel.Content) -> some View {
        List {
            Section {
                if let name = content.name { Text(name).font(.headline) }
                Text(words.edit(content.edit.kind, what: content.edit.what))
                Text(words.ago(content.edit.at, now: model.now)).foregroundStyle(.secondary)
                Text(words.fate(content.edit.fate, now: model.now))
            }
            Section {
                if content.edit.fate.isLost {
                    MainButton(title: words.applyAgain) { model.applyAgain() }
                    RowButton(title: words.editLetBe, symbol: "checkmark") { model.letBe() }
                }
                if content.edit.undoable {
                    RowButton(title: words.editUndo, symbol: "arrow.uturn.backward") { model.undo() }
                }
                if content.name != nil {
                    RowButton(title: words.openMember, symbol: "person") { model.openMember() }
                }
            }
        }
    }
}
