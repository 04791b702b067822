import Foundation
import Guidebook

/// A book made up for tests: a few members in memory, and whatever is to go wrong.
public actor FakeBook: Book {
    public struct Shown: Sendable {
        public var state = BookState.open
        public var members: [Member] = []
        public var groups = FakeBook.groups
        public var brands = [Brand(id: "B05", name: "青禾记"), Brand(id: "B09", name: "晚风里")]
        public var guide = Guide(id: "G0002", name: "李娜晴", store: "S02", brand: "B05", device: "d-1")
        public var guides = [GuideOnPhone(book: "b1", name: "李娜晴", current: true)]
        public var edits: [Edit] = []
        public var sync = SyncState()
        public var code = Code.unknown
        public var campaigns = FakeBook.campaigns
        public var coupons: [CouponRow] = []
        /// What any read throws.
        public var readProblem: Problem?
        /// What any edit throws.
        public var editProblem: Problem?
        public var syncProblem: Problem?
        public var unlockProblem: Problem?

        public init() {}
    }

    public var shown: Shown
    public private(set) var calls: [String] = []
    private var ear: (@Sendable (Change) -> Void)?
    /// While it is held nothing is answered: how a test sees a screen that waits.
    private var held = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    public init(_ shown: Shown = Shown()) {
        self.shown = shown
    }

    public func change(_ change: @Sendable (inout Shown) -> Void) {
        change(&shown)
    }

    public func tell(_ change: Change) {
        ear?(change)
    }

    public func hold() {
        held = true
    }

    public func letGo() {
        held = false
        for one in waiting { one.resume() }
        waiting = []
    }

    private func read<T>(_ value: T) async throws -> T {
        if held { await withCheckedContinuation { waiting.append($0) } }
        if let problem = shown.readProblem { throw problem }
        return value
    }

    private func edit(_ call: String, changed: String? = nil) throws -> String {
        if let problem = shown.editProblem { throw problem }
        calls.append(call)
        if let changed { ear?(.members([changed])) }
        return "e\(calls.count)"
    }

    public func observe(_ ear: @escaping @Sendable (Change) -> Void) { self.ear = ear }
    public func state() -> BookState { shown.state }
    public func lock() { shown.state = .locked }
    public func wipe() { shown.state = .empty }
    public func unlock() throws {
        if let problem = shown.unlockProblem { throw problem }
        if shown.state == .locked { shown.state = .open }
    }
    public func enrol(server: String, code: String, deviceName: String) throws -> Guide {
        if let problem = shown.syncProblem { throw problem }
        calls.append("enrol \(server) \(code)")
        shown.state = .open
        return shown.guide
    }
    public func guide() -> Guide { shown.guide }
    public func guidesOnThisPhone() async throws -> [GuideOnPhone] { try await read(shown.guides) }
    public func switchTo(book: String) {
        calls.append("switch \(book)")
        shown.state = .locked
    }
    public func beginAnother() { shown.state = .empty }

    public func list(_ request: ListRequest) async throws -> MemberPage {
        let all = try await read(shown.members).map(\.row)
        calls.append("list \(request.text)|\(request.tags)|\(request.order)|\(request.offset)")
        let found = all.filter { row in
            (request.text.isEmpty || row.name.contains(request.text))
                && (request.birthdayWithinDays.map { row.daysToBirthday ?? 999 <= $0 } ?? true)
                && (request.tags.isEmpty || row.tags.contains { request.tags.contains($0) })
        }
        .map { row in
            var row = row
            if !request.text.isEmpty { row.matches = [Match(field: .name, start: 0, length: request.text.count)] }
            return row
        }
        return MemberPage(rows: Array(found.dropFirst(request.offset).prefix(ListRequest.page)), total: found.count)
    }
    public func member(_ id: String) async throws -> Member {
        guard let member = try await read(shown.members).first(where: { $0.row.id == id }) else { throw Problem.notFound }
        return member
    }
    public func memberByPhone(_ phone: String) -> MemberRow? {
        shown.members.first { $0.row.maskedPhone.suffix(4) == phone.suffix(4) }?.row
    }
    public func readCode(_ text: String) -> Code { shown.code }
    public func tagGroups() async throws -> [TagGroup] { try await read(shown.groups) }
    public func brands() -> [Brand] { shown.brands }
    public func limits() -> Limits { Limits() }
    public func edits(of member: String?, offset: Int) async throws -> [Edit] { try await read(shown.edits) }
    public func edit(_ id: String) async throws -> Edit {
        guard let edit = try await read(shown.edits).first(where: { $0.id == id }) else { throw Problem.notFound }
        return edit
    }
    public func syncState() async throws -> SyncState { try await read(shown.sync) }
    public func syncNow() throws {
        if let problem = shown.syncProblem { throw problem }
        calls.append("sync")
    }

    public func setLive(_ on: Bool) { calls.append("live \(on)") }

    public func setTag(member: String, tag: String, on: Bool) throws -> String {
        let id = try edit("tag \(member) \(tag) \(on)")
        for index in shown.members.indices where shown.members[index].row.id == member {
            let group = shown.groups.first { $0.tags.contains { $0.id == tag } }
            let replaced = on && group?.singleChoice == true ? group?.tags.map(\.id) ?? [] : [tag]
            shown.members[index].row.tags.removeAll(where: replaced.contains)
            if on { shown.members[index].row.tags.append(tag) }
        }
        ear?(.members([member]))
        return id
    }
    public func writeNote(member: String, text: String) throws -> String { try edit("note \(text)", changed: member) }
    public func addFollowUp(member: String, text: String, due: Day) throws -> String {
        try edit("follow up \(text) \(due.text)", changed: member)
    }
    public func setFollowUpDone(member: String, followUp: String, done: Bool) throws -> String {
        try edit("done \(followUp) \(done)", changed: member)
    }
    public func setField(member: String, field: Field, value: String) throws -> String {
        try edit("field \(field) \(value)", changed: member)
    }
    public func campaigns() async throws -> [Campaign] { try await read(shown.campaigns) }
    public func checkCoupon(member: String, campaign: String, value: UInt32) -> IssueBar? {
        guard let of = shown.campaigns.first(where: { $0.id == campaign }) else { return .noSuchValue }
        return of.bar ?? (of.offers.contains { $0.value == value && $0.left > 0 } ? nil : .noCodeLeft)
    }
    public func issueCoupon(member: String, campaign: String, value: UInt32) throws -> CouponCard {
        let id = try edit("coupon \(member) \(campaign) \(value)", changed: member)
        guard let of = shown.campaigns.first(where: { $0.id == campaign }),
            let offer = of.offers.first(where: { $0.value == value })
        else { throw Problem.notFound }
        let row = CouponRow(
            id: id, member: member, memberName: shown.members.first { $0.row.id == member }?.row.name, campaign: of.name,
            worth: offer.worth, lastDay: Day("2026-11-29")!, state: .issued, waiting: true)
        shown.coupons.insert(row, at: 0)
        ear?(.coupons)
        return Self.card(row)
    }
    public func voidCoupon(_ coupon: String) throws -> String {
        become(.void, coupon)
        return try edit("void \(coupon)")
    }
    public func handOverCoupon(_ coupon: String) { become(.handedOver, coupon) }
    public func coupons(offset: Int) async throws -> [CouponRow] {
        try await read(Array(shown.coupons.dropFirst(offset).prefix(50)))
    }
    public func coupon(_ id: String) async throws -> CouponCard {
        guard let row = try await read(shown.coupons).first(where: { $0.id == id }) else { throw Problem.notFound }
        return Self.card(row)
    }
    public func memberCoupons(_ member: String) -> [MemberCoupon] {
        shown.coupons.filter { $0.member == member }.map {
            MemberCoupon(coupon: $0.id, campaign: $0.campaign, worth: $0.worth, lastDay: $0.lastDay, state: $0.state)
        }
    }
    private func become(_ state: CouponState, _ coupon: String) {
        guard let index = shown.coupons.firstIndex(where: { $0.id == coupon }) else { return }
        let row = shown.coupons[index]
        shown.coupons[index] = CouponRow(
            id: row.id, member: row.member, memberName: row.memberName, campaign: row.campaign, worth: row.worth,
            lastDay: row.lastDay, state: state, waiting: row.waiting)
        ear?(.coupons)
    }

    public func undo(edit: String) throws -> String { try self.edit("undo \(edit)") }
    public func applyAgain(edit: String) throws -> String { try self.edit("again \(edit)") }
    public func enrolWalkin(_ walkin: Walkin) throws -> String {
        _ = try edit("walk in \(walkin.name) \(walkin.phone) \(walkin.brands) \(walkin.birthday ?? "")")
        var row = MemberRow(id: "W1", name: walkin.name)
        row.waiting = 1
        shown.members.append(Member(row: row))
        return row.id
    }
    public func makePersonalTag(name: String) throws -> String { try edit("tag named \(name)") }
    public func revealPhone(member: String, reason: RevealReason) throws -> String {
        _ = try edit("reveal \(member) \(reason)")
        return "13812345678"
    }
}
