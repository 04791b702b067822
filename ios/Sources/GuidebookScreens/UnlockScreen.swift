import Guidebook
import SwiftUI

/// The closed door: why it is closed, and what opens it.
struct UnlockScreen: View {
    @Environment(\.words) private var words
    let model: UnlockModel

    var body: some View {
        ContentUnavailableView {
            Label(title, systemImage: symbol)
        } description: {
            Text(explanation)
            ProblemText(problem: model.problem)
        } actions: {
            if model.working { ProgressView(words.unlocking) } else { actions }
        }
    }

    @ViewBuilder private var actions: some View {
        switch model.standing {
        case .locked: MainButton(title: words.unlockAct) { model.unlock() }
        case .refused, .lockedOut, .broken: MainButton(title: words.retry) { model.unlock() }
        case .hidden: MainButton(title: words.hiddenAct) { model.contact() }
        case .wrongKey, .wiped: MainButton(title: words.enrolAgain) { model.enrolAgain() }
        }
    }

    private var title: String {
        switch model.standing {
        case .locked, .refused: words.unlockTitle
        case .lockedOut: words.lockedOutTitle
        case .wrongKey: words.wrongKeyTitle
        case .hidden: words.hiddenTitle
        case .wiped: words.wipedTitle
        case .broken: words.faultTitle
        }
    }

    private var explanation: String {
        switch model.standing {
        case .locked: words.unlockLead
        case .refused: words.unlockRefused
        case .lockedOut: words.lockedOutLead
        case .wrongKey: words.wrongKeyLead
        case .hidden: words.hiddenLead
        case .wiped: words.wipedLead
        case .broken(let problem): words.problem(problem)
        }
    }

    private var symbol: String {
        switch model.standing {
        case .locked, .refused, .lockedOut: "lock"
        case .wrongKey: "key.slash"
        case .hidden: "eye.slash"
        case .wiped: "trash"
        case .broken: "exclamationmark.triangle"
        }
    }
}
