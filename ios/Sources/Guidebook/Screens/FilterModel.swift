import Observation

/// Choosing which members are shown; nothing happens to the list before she says so.
@MainActor
@Observable
public final class FilterModel: ScreenModel {
    public private(set) var groups = Loadable<[TagGroup]>.loading
    public var filter: MemberFilter
    /// How many members it would be.
    public private(set) var found: Int?

    @ObservationIgnored unowned let app: AppModel
    @ObservationIgnored private let members: MembersModel

    init(app: AppModel, members: MembersModel) {
        self.app = app
        self.members = members
        filter = members.filter
    }

    public func load() async {
        do {
            groups = .shown(try await app.book.tagGroups().filter { !$0.tags.isEmpty })
        } catch {
            groups = .failed(Problem(error))
        }
        await count()
    }

    public func shows(_ change: Change) -> Bool { change == .dictionary }

    public func turn(_ tag: Tag, in group: TagGroup) {
        filter.turn(tag, in: group)
        app.errands.run { await self.count() }
    }

    public func turnBirthday() {
        filter.birthdayThisWeek.toggle()
        app.errands.run { await self.count() }
    }

    public func turnDue() {
        filter.followUpDue.toggle()
        app.errands.run { await self.count() }
    }

    public func clear() {
        filter = MemberFilter()
        app.errands.run { await self.count() }
    }

    public func show() {
        members.narrow(to: filter)
        app.closeSheet()
    }

    public func close() { app.closeSheet() }

    private func count() async {
        let counted = filter
        var request = ListRequest()
        request.tags = filter.expression
        request.birthdayWithinDays = filter.birthdayThisWeek ? 7 : nil
        request.followUpDue = filter.followUpDue
        let total = try? await app.book.list(request).total
        if filter == counted { found = total }
    }
}
