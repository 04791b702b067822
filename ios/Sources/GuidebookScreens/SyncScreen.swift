import Guidebook
import SwiftUI

/// What waits, what needs her, what was delivered; never a spinner without words.
struct SyncScreen: View {
    @Environment(\.words) private var words
    let model: SyncModel

    var body: some View {
        Group {
            switch model.state {
            case .loading: ProgressView(words.loading)
            case .failed(let problem): FailedView(problem: problem) { model.tryAgain() }
            case .shown(let content): list(content)
            }
        }
        .navigationTitle(words.syncTitle)
        .navigationBarTitleDisplayMode(.inline)
    }

    private func list(_ content: SyncModel.Content) -> some View {
        List {
            Section {
                Text(words.lastContact(content.sync.lastContact, now: model.now))
                if content.sync.retrying { Text(words.syncRetrying) }
                ProblemText(problem: model.problem)
                if model.working || content.sync.running {
                    ProgressView(words.syncWorking)
                } else {
                    RowButton(title: words.syncNow, symbol: "arrow.triangle.2.circlepath") { model.syncNow() }
                }
            } footer: {
                Text(words.syncSafe)
            }
            edits(words.needsYou, content.needHer, content)
            if content.waiting.isEmpty {
                Section(words.waiting) { Text(words.nothingWaits).foregroundStyle(.secondary) }
            }
            edits(words.waiting, content.waiting, content)
            edits(words.syncDone, content.done, content)
        }
    }

    @ViewBuilder private func edits(_ title: String, _ edits: [Edit], _ content: SyncModel.Content) -> some View {
        if !edits.isEmpty {
            Section(title) {
                ForEach(edits) { edit in
                    Button {
                        model.open(edit)
                    } label: {
                        VStack(alignment: .leading, spacing: 2) {
                            if let name = edit.member.flatMap({ content.names[$0] }) { Text(name).font(.headline) }
                            Text(words.edit(edit.kind, what: edit.what)).lineLimit(2)
                            Text("\(words.ago(edit.at, now: model.now)) · \(words.fate(edit.fate, now: model.now))")
                                .font(.footnote).foregroundStyle(.secondary)
                        }
                        .rowTarget()
                    }
                    .buttonStyle(.plain)
                }
            }
        }
    }
}
