import Foundation
import Observation

/// The list of members: searched at every letter, filtered, sorted; home.
@MainActor
@Observable
public final class MembersModel: ScreenModel {
    public private(set) var state = Loadable<MemberPage>.loading
    public private(set) var sync = SyncState()
    /// Edits that lost and were not looked at yet.
    public private(set) var lost = 0
    public private(set) var tagNames: [String: String] = [:]
    public private(set) var filter = MemberFilter()
    public private(set) var order = MemberOrder.recent
    public var text = "" {
        didSet { if text != oldValue { app.errands.run { await self.list() } } }
    }

    @ObservationIgnored unowned let app: AppModel
    @ObservationIgnored private var asked = 0

    init(app: AppModel) {
        self.app = app
    }

    /// Rows under one letter.
    public struct Letter: Identifiable {
        /// Empty where the list is not in the order of names.
        public let letter: String
        public var rows: [MemberRow]

        public var id: String { letter }
    }

    /// The rows as they are drawn: by letter in the order of names, else in one piece.
    public func sections(of page: MemberPage) -> [Letter] {
        guard order == .name, text.isEmpty else { return [Letter(letter: "", rows: page.rows)] }
        var sections: [Letter] = []
        for row in page.rows {
            if sections.last?.letter == row.indexLetter {
                sections[sections.count - 1].rows.append(row)
            } else {
                sections.append(Letter(letter: row.indexLetter, rows: [row]))
            }
        }
        return sections
    }

    public var isNarrowed: Bool { !text.isEmpty || !filter.isEmpty }

    public var pill: SyncPill {
        SyncPill(sync: sync, running: app.syncing, lost: lost, now: app.services.now())
    }

    public func load() async {
        await list()
        if let groups = try? await app.book.tagGroups() {
            tagNames = Dictionary(groups.flatMap(\.tags).map { ($0.id, $0.name) }) { first, _ in first }
        }
        if let sync = try? await app.book.syncState() { self.sync = sync }
        if let edits = try? await app.book.edits(of: nil, offset: 0) {
            lost = edits.filter { SyncModel.needsHer($0, seen: app.seenEdits) }.count
        }
    }

    public func shows(_ change: Change) -> Bool { change != .coupons }

    public var sorting: MemberOrder {
        get { order }
        set {
            order = newValue
            app.errands.run { await self.list() }
        }
    }

    public var now: Date { app.services.now() }

    /// What is near or due with her: a birthday within the week, a follow-up, an edit that waits.
    public func marks(of row: MemberRow) -> [String] {
        let today = app.services.today
        let birthday = row.daysToBirthday.flatMap { $0 <= 7 ? app.words.birthdayIn($0) : nil }
        let due = row.nextFollowUp.flatMap { $0 <= today ? app.words.dueMark($0, today: today) : nil }
        return [birthday, due, row.waiting > 0 ? app.words.waitingMark(row.waiting) : nil].compactMap { $0 }
    }

    public func tryAgain() { app.errands.run { await self.load() } }

    func narrow(to filter: MemberFilter) {
        self.filter = filter
        app.errands.run { await self.list() }
    }

    public func clearFilter() {
        narrow(to: MemberFilter())
    }

    /// Called when a row comes into sight: near the end the next page is read.
    public func saw(_ row: MemberRow) {
        guard let page = state.content, page.rows.count < page.total, row.id == page.rows.last?.id else { return }
        app.errands.run { await self.readOn(after: page) }
    }

    public func open(_ row: MemberRow) { app.openMember(row.id) }
    public func tag(_ row: MemberRow) { app.show(.tags(TagsModel(app: app, member: row.id, name: row.shownName))) }
    public func openFilter() { app.show(.filter(FilterModel(app: app, members: self))) }
    public func openSync() { app.open(.sync(SyncModel(app: app))) }
    public func openCoupons() { app.open(.coupons(CouponsModel(app: app))) }
    public func openSettings() { app.open(.settings(SettingsModel(app: app))) }
    public func enrolWalkin() { app.show(.walkin(WalkinModel(app: app))) }

    private var request: ListRequest {
        var request = ListRequest()
        request.text = text
        request.tags = filter.expression
        request.birthdayWithinDays = filter.birthdayThisWeek ? 7 : nil
        request.followUpDue = filter.followUpDue
        request.order = order
        return request
    }

    private func list() async {
        asked += 1
        let mine = asked
        let answer: Loadable<MemberPage>
        do {
            answer = .shown(try await app.book.list(request))
        } catch {
            answer = .failed(Problem(error))
        }
        // An answer to letters that were typed over is of no use.
        if mine == asked { state = answer }
    }

    private func readOn(after page: MemberPage) async {
        let mine = asked
        var more = request
        more.offset = page.rows.count
        guard let next = try? await app.book.list(more), mine == asked, state.content == page else { return }
        state = .shown(MemberPage(rows: page.rows + next.rows, total: next.total))
    }
}

extension MemberRow {
    /// The guide's own name for her first, for that is what she looks for.
    public var shownName: String { remarkName.isEmpty ? name : "\(remarkName)（\(name)）" }
}
