import Guidebook
import SwiftUI

/// Handing the phone to the next guide.
struct GuidesScreen: View {
    @Environment(\.words) private var words
    let model: GuidesModel

    var body: some View {
        Group {
            switch model.state {
            case .loading: ProgressView(words.loading)
            case .failed(let problem): FailedView(problem: problem) { model.tryAgain() }
            case .shown(let guides): list(guides)
            }
        }
        .navigationTitle(words.guides)
        .navigationBarTitleDisplayMode(.inline)
    }

    private func list(_ guides: [GuideOnPhone]) -> some View {
        List {
            Section {
                ForEach(guides) { guide in
                    RowButton(title: guide.name ?? words.guideUnnamed, symbol: "person.crop.circle") {
                        model.hand(to: guide)
                    }
                    .disabled(guide.current)
                    .accessibilityValue(guide.current ? words.guideHere : "")
                }
            } footer: {
                Text(words.guidesLead)
            }
            Section {
                RowButton(title: words.guideAnother, symbol: "person.badge.plus") { model.addAnother() }
            }
        }
    }
}
