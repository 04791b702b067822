import Guidebook
import SwiftUI

/// The full number, for a reason that goes on record.
struct RevealScreen: View {
    @Environment(\.words) private var words
    let model: RevealModel

    var body: some View {
        SheetBar(words.revealTitle(model.name), close: model.close) {
            Form {
                if let number = model.number {
                    Section(words.revealedNumber) {
                        Text(number).font(.title2.monospacedDigit()).privacySensitive()
                        RowButton(title: words.revealShare, symbol: "square.and.arrow.up") { model.share() }
                    }
                } else {
                    Section {
                        ForEach(RevealReason.allCases, id: \.self) { reason in
                            RowButton(title: words.revealReason(reason), symbol: symbol(reason)) { model.reveal(reason) }
                        }
                    } header: {
                        Text(words.revealLead)
                    } footer: {
                        ProblemText(problem: model.problem)
                    }
                }
            }
        }
    }

    private func symbol(_ reason: RevealReason) -> String {
        switch reason {
        case .call: "phone"
        case .message: "message"
        case .delivery: "shippingbox"
        case .other: "ellipsis.circle"
        }
    }
}
