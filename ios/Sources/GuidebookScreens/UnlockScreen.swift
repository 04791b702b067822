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
            if model.working { ProgressView(words.unlockWorking) } else { actions }
        }
    }

    @ViewBuilder private var actions: some View {
        switch model.standing {
        case .locked: MainButton(title: words.unlockAction) { model.unlock() }
        case .refused, .lockedOut, .broken: MainButton(title: words.tryAgain) { model.unlock() }
        case .hidden: MainButton(title: words.unlockContact) { model.contact() }
        case .wrongKey, .wiped: MainButton(title: words.unlockEnrolAgain) { model.enrolAgain() }
        }
    }

    private var title: String {
        switch model.standing {
        case .locked, .refused, .lockedOut: words.unlockTitle
        case .wrongKey: words.unlockWrongKeyTitle
        case .hidden: words.unlockHiddenTitle
        case .wiped: words.unlockWipedTitle
        case .broken: words.unlockBrokenTitle
        }
    }

    private var explanation: String {
        switch model.standing {
        case .locked: words.unlockLocked
        case .refused: words.unlockRefused
        case .lockedOut: words.unlockLockedOut
        case .wrongKey: words.unlockWrongKey
        case .hidden: words.unlockHidden
        case .wiped: words.unlockWiped
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
