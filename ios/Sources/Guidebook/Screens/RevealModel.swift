import Observation

/// The full number, for a reason that goes on record.
@MainActor
@Observable
public final class RevealModel: ScreenModel {
    public private(set) var number: String?
    public private(set) var problem: Problem?
    public let name: String

    @ObservationIgnored unowned let app: AppModel
    @ObservationIgnored private let member: String

    init(app: AppModel, member: String, name: String, number: String? = nil) {
        self.app = app
        self.member = member
        self.name = name
        self.number = number
    }

    public func load() async {}
    public func shows(_ change: Change) -> Bool { false }

    public func reveal(_ reason: RevealReason) {
        app.errands.run {
            do {
                let number = try await self.app.book.revealPhone(member: self.member, reason: reason)
                let dialled = reason == .call ? await self.app.services.dialler.dial(number) : false
                if dialled { self.app.closeSheet() } else { self.number = number }
            } catch {
                self.problem = Problem(error)
            }
        }
    }

    public func share() {
        if let number { app.services.sharer.share(number) }
    }

    public func close() { app.closeSheet() }
}
