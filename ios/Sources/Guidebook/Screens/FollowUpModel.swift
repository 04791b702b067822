import Foundation
import Observation

/// Promising to come back to her on a day.
@MainActor
@Observable
public final class FollowUpModel: ScreenModel {
    public var text = ""
    public var due: Day
    public private(set) var limits = Limits()
    public private(set) var problem: Problem?
    public let name: String
    public let today: Day

    @ObservationIgnored unowned let app: AppModel
    @ObservationIgnored private let member: String

    init(app: AppModel, member: String, name: String) {
        self.app = app
        self.member = member
        self.name = name
        today = app.services.today
        due = today.adding(days: 3)
    }

    public static let usual = [1, 3, 7, 30]

    public var left: Int { limits.note - text.unicodeScalars.count }
    public var canSave: Bool { !text.allSatisfy(\.isWhitespace) && left >= 0 }

    /// The day for the system's picker of days, at noon where the phone is.
    public var dueDate: Date {
        get {
            let parts = DateComponents(year: due.year, month: due.month, day: due.day, hour: 12)
            return Calendar.current.date(from: parts) ?? app.services.now()
        }
        set { due = max(Day(newValue), today) }
    }

    public var earliest: Date { app.services.now() }

    public func load() async {
        if let limits = try? await app.book.limits() { self.limits = limits }
    }

    public func shows(_ change: Change) -> Bool { false }

    public func choose(days: Int) { due = today.adding(days: days) }

    public func save() {
        guard canSave else { return }
        app.errands.run {
            do {
                let edit = try await self.app.book.addFollowUp(member: self.member, text: self.text, due: self.due)
                self.app.closeSheet()
                self.app.say(self.app.words.followUpSaved, undo: edit)
            } catch {
                self.problem = Problem(error)
            }
        }
    }

    public func close() { app.closeSheet() }
}
