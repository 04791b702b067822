import Observation

/// The closed door: why it is closed, and what opens it.
@MainActor
@Observable
public final class UnlockModel {
    public enum Standing: Equatable, Sendable {
        case locked
        /// The phone did not take her for the owner.
        case refused
        /// The phone does not ask any more.
        case lockedOut
        /// The key does not open this book.
        case wrongKey
        /// 72 hours without contact.
        case hidden
        /// HQ, or time, has taken the book from this phone.
        case wiped
        case broken(Problem)
    }

    public private(set) var standing: Standing
    public private(set) var working = false
    /// Why the last try to reach the server came to nothing.
    public private(set) var problem: Problem?

    @ObservationIgnored unowned let app: AppModel

    init(app: AppModel, standing: Standing) {
        self.app = app
        self.standing = standing
    }

    public func unlock() {
        work {
            switch await self.app.services.gate.pass(reason: self.app.words.unlockReason) {
            case .passed:
                self.app.passed = true
                await self.open()
            case .refused: self.standing = .refused
            case .lockedOut: self.standing = .lockedOut
            }
        }
    }

    /// Asks the server, which shows hidden members again.
    public func contact() {
        work {
            self.problem = await self.app.syncNow()
            if self.problem == nil { try? await self.app.enter(self.app.book.state()) }
        }
    }

    /// From the ruins of a book to a fresh enrolment.
    public func enrolAgain() {
        app.show(.enrol(EnrolModel(app: app)))
    }

    private func open() async {
        do {
            try await app.book.unlock()
            try await app.enter(app.book.state())
        } catch {
            switch Problem(error) {
            case .wrongKey: standing = .wrongKey
            case .wiped, .signedOut: standing = .wiped
            case let other: standing = .broken(other)
            }
        }
    }

    private func work(_ work: @escaping @MainActor () async -> Void) {
        guard !working else { return }
        working = true
        app.errands.run {
            await work()
            self.working = false
        }
    }
}
