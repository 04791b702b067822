import Observation

/// Writing a note.
@MainActor
@Observable
public final class NoteModel: ScreenModel {
    public var text = ""
    public private(set) var limits = Limits()
    public private(set) var problem: Problem?
    public let name: String

    @ObservationIgnored unowned let app: AppModel
    @ObservationIgnored private let member: String

    init(app: AppModel, member: String, name: String) {
        self.app = app
        self.member = member
        self.name = name
    }

    /// Characters that are left; below zero it is too long.
    public var left: Int { limits.note - text.unicodeScalars.count }
    public var canSave: Bool { !text.allSatisfy(\.isWhitespace) && left >= 0 }

    public func load() async {
        if let limits = try? await app.book.limits() { self.limits = limits }
    }

    public func shows(_ change: Change) -> Bool { false }

    public func save() {
        guard canSave else { return }
        app.errands.run {
            do {
                let edit = try await self.app.book.writeNote(member: self.member, text: self.text)
                self.app.closeSheet()
                self.app.say(self.app.words.noteSaved, undo: edit)
            } catch {
                self.problem = Problem(error)
            }
        }
    }

    public func close() { app.closeSheet() }
}
