import Foundation
import Observation

/// What waits, what was refused or lost, and when the server was last heard.
@MainActor
@Observable
public final class SyncModel: ScreenModel {
    public struct Content: Equatable, Sendable {
        public let sync: SyncState
        /// Refused or lost.
        public let needHer: [Edit]
        public let waiting: [Edit]
        public let done: [Edit]
        /// Names of the members they are about.
        public let names: [String: String]
    }

    public private(set) var state = Loadable<Content>.loading
    public private(set) var problem: Problem?

    @ObservationIgnored unowned let app: AppModel

    init(app: AppModel) {
        self.app = app
    }

    public var working: Bool { app.syncing }
    public var now: Date { app.services.now() }

    public func load() async {
        do {
            let edits = try await app.book.edits(of: nil, offset: 0)
            let seen = app.seenEdits
            let needHer = edits.filter { Self.needsHer($0, seen: seen) }
            state = .shown(
                Content(
                    sync: try await app.book.syncState(), needHer: needHer,
                    waiting: edits.filter { $0.fate == .waiting },
                    done: edits.filter { $0.fate != .waiting && !needHer.contains($0) },
                    names: await names(of: edits)))
        } catch {
            state = .failed(Problem(error))
        }
    }

    public func shows(_ change: Change) -> Bool { true }

    public func syncNow() {
        guard !working else { return }
        app.errands.run { self.problem = await self.app.syncNow() }
    }

    public func tryAgain() { app.errands.run { await self.load() } }
    public func open(_ edit: Edit) { app.open(.edit(EditModel(app: app, id: edit.id))) }

    static func needsHer(_ edit: Edit, seen: Set<String>) -> Bool {
        edit.fate.isLost && !seen.contains(edit.id)
    }

    private func names(of edits: [Edit]) async -> [String: String] {
        var names: [String: String] = [:]
        for member in Set(edits.compactMap(\.member)) {
            names[member] = try? await app.book.member(member).row.shownName
        }
        return names
    }
}
