import Observation

/// Handing the phone to the next guide.
@MainActor
@Observable
public final class GuidesModel: ScreenModel {
    public private(set) var state = Loadable<[GuideOnPhone]>.loading

    @ObservationIgnored unowned let app: AppModel

    init(app: AppModel) {
        self.app = app
    }

    public func load() async {
        do {
            state = .shown(try await app.book.guidesOnThisPhone())
        } catch {
            state = .failed(Problem(error))
        }
    }

    public func shows(_ change: Change) -> Bool { false }

    /// Her book closes, the other's door stands there.
    public func hand(to guide: GuideOnPhone) {
        guard !guide.current else { return }
        go { try await self.app.book.switchTo(book: guide.book) }
    }

    public func tryAgain() { app.errands.run { await self.load() } }

    public func addAnother() {
        go { try await self.app.book.beginAnother() }
    }

    private func go(_ work: @escaping @MainActor () async throws -> Void) {
        app.errands.run {
            do {
                try await work()
                self.app.passed = false
                try await self.app.enter(self.app.book.state())
            } catch {
                self.app.sorry(error)
            }
        }
    }
}
