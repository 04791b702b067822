import Foundation
import Observation

/// One edit: what it was, what became of it, and once more.
@MainActor
@Observable
public final class EditModel: ScreenModel {
    public struct Content: Equatable, Sendable {
        public let edit: Edit
        public let name: String?
    }

    public private(set) var state = Loadable<Content>.loading

    @ObservationIgnored unowned let app: AppModel
    @ObservationIgnored private let id: String

    init(app: AppModel, id: String) {
        self.app = app
        self.id = id
    }

    public func load() async {
        do {
            let edit = try await app.book.edit(id)
            var name: String?
            if let member = edit.member { name = try? await app.book.member(member).row.shownName }
            state = .shown(Content(edit: edit, name: name))
        } catch {
            state = .failed(Problem(error))
        }
    }

    public func shows(_ change: Change) -> Bool { change == .syncState }

    public var now: Date { app.services.now() }

    public func tryAgain() { app.errands.run { await self.load() } }

    public func applyAgain() {
        act { try await self.app.book.applyAgain(edit: self.id) }
    }

    public func undo() {
        act { try await self.app.book.undo(edit: self.id) }
    }

    /// She has read it and lets it be.
    public func letBe() {
        app.markSeen(id)
        if !app.stack.isEmpty { app.stack.removeLast() }
    }

    public func openMember() {
        if let member = state.content?.edit.member { app.openMember(member) }
    }

    private func act(_ work: @escaping @MainActor () async throws -> String) {
        app.errands.run {
            do {
                let edit = try await work()
                self.app.markSeen(self.id)
                self.app.say(self.app.words.appliedAgain, undo: edit)
            } catch {
                self.app.sorry(error)
            }
        }
    }
}

extension AppModel {
    /// Lost edits that she has dealt with: ids only, the newest 200.
    var seenEdits: Set<String> {
        Set(services.kept.read(Self.seenKey)?.split(separator: " ").map(String.init) ?? [])
    }

    func markSeen(_ edit: String) {
        let before = services.kept.read(Self.seenKey)?.split(separator: " ").map(String.init) ?? []
        let now = before.filter { $0 != edit } + [edit]
        services.kept.write(Self.seenKey, now.suffix(200).joined(separator: " "))
        if let members { errands.run { await members.load() } }
        for page in stack { errands.run { await page.model.load() } }
    }

    private static let seenKey = "seenEdits"
}
