import Foundation
import Guidebook
import GuidebookCore

/// The core's own type; the module of the models has the same name.
public typealias CoreObject = GuidebookCore.Guidebook

/// The models' book over the core in Rust. An actor, so that no call to the core is ever made on the main one.
public actor CoreBook: Book {
    private let directory: String
    private let keys: any KeyVault
    private let marks: (any MarkVault)?
    private let kept: any Kept
    private let wrap: @Sendable (CoreObject) -> any GuidebookProtocol
    private var opened: (any GuidebookProtocol)?
    private var ear: (@Sendable (Change) -> Void)?

    /// `directory` is for the books of this phone alone, excluded from backups. `kept` keeps each guide's name beside her
    /// book's. Without `marks` no coupon is given out. `wrap` may stand between this and the core; tests count there.
    public init(
        directory: String, keys: any KeyVault, marks: (any MarkVault)? = nil, kept: any Kept,
        wrap: @escaping @Sendable (CoreObject) -> any GuidebookProtocol = { $0 }
    ) {
        self.directory = directory
        self.keys = keys
        self.marks = marks
        self.kept = kept
        self.wrap = wrap
    }

    public func observe(_ ear: @escaping @Sendable (Change) -> Void) {
        self.ear = ear
        opened?.observe(observer: Listener(ear: ear))
    }

    // MARK: The book

    public func state() throws -> Shown.BookState {
        try said { try Shown.BookState($0.state()) }
    }

    public func unlock() throws {
        try said { try $0.unlock() }
    }

    public func lock() throws {
        try said { $0.lock() }
    }

    public func wipe() throws {
        try said { try $0.wipe() }
    }

    public func enrol(server: String, code: String, deviceName: String) async throws -> Guide {
        let core = try said { $0 }
        let request = EnrolRequest(server: server, code: code, deviceName: deviceName)
        return labelled(Guide(try await heard { try await core.enrol(request: request) }))
    }

    public func guide() throws -> Guide {
        labelled(Guide(try said { try $0.guide() }))
    }

    public func guidesOnThisPhone() throws -> [GuideOnPhone] {
        let current = try said { $0.name() }
        let names = try translated { try GuidebookCore.books(directory: directory) }
        return names.map { GuideOnPhone(book: $0, name: kept.read(Self.label($0)), current: $0 == current) }
    }

    public func switchTo(book: String) throws {
        try said { $0.lock() }
        opened = try open(book)
    }

    public func beginAnother() throws {
        try switchTo(book: translated { try makeBook(directory: directory) })
    }

    // MARK: Reading

    public func list(_ request: Shown.ListRequest) throws -> Shown.MemberPage {
        try said { Shown.MemberPage(try $0.list(request: GuidebookCore.ListRequest(request))) }
    }

    public func member(_ id: String) throws -> Member {
        try said { Member(try $0.member(member: id)) }
    }

    public func memberByPhone(_ phone: String) throws -> Shown.MemberRow? {
        try said { try $0.memberByPhone(phone: phone).map(Shown.MemberRow.init) }
    }

    public func readCode(_ text: String) throws -> Code {
        try said { Code(try $0.readCode(text: text)) }
    }

    public func tagGroups() throws -> [TagGroup] {
        try said { try $0.tagGroups().map(TagGroup.init) }
    }

    public func brands() throws -> [Brand] {
        try said { try $0.brands().map { Brand(id: $0.id, name: $0.name) } }
    }

    public func limits() throws -> Limits {
        try said { Limits($0.limits()) }
    }

    public func edits(of member: String?, offset: Int) throws -> [Edit] {
        try said { try $0.editHistory(member: member, offset: UInt32(offset), limit: 50).map(Edit.init) }
    }

    public func edit(_ id: String) throws -> Edit {
        try said { Edit(try $0.editFate(edit: id)) }
    }

    public func syncState() throws -> SyncState {
        try said { SyncState(try $0.syncState()) }
    }

    public func syncNow() async throws {
        let core = try said { $0 }
        _ = try await heard { try await core.syncNow() }
    }

    public func setLive(_ on: Bool) throws {
        try said { $0.setLive(on: on) }
    }

    // MARK: Editing

    public func setTag(member: String, tag: String, on: Bool) throws -> String {
        try said { try $0.setTag(member: member, tag: tag, on: on) }
    }

    public func writeNote(member: String, text: String) throws -> String {
        try said { try $0.writeNote(member: member, text: text) }
    }

    public func addFollowUp(member: String, text: String, due: Day) throws -> String {
        try said { try $0.addFollowUp(member: member, text: text, due: due.text) }
    }

    public func setFollowUpDone(member: String, followUp: String, done: Bool) throws -> String {
        try said { try $0.setFollowUpDone(member: member, followUp: followUp, done: done) }
    }

    public func setField(member: String, field: Field, value: String) throws -> String {
        try said { try $0.setField(member: member, field: MemberField(field), value: value) }
    }

    public func undo(edit: String) throws -> String {
        try said { try $0.undo(edit: edit) }
    }

    public func applyAgain(edit: String) throws -> String {
        try said { try $0.applyAgain(edit: edit) }
    }

    // MARK: Coupons

    public func campaigns() throws -> [Campaign] {
        try said { try $0.campaigns().map(Campaign.init) }
    }

    public func checkCoupon(member: String, campaign: String, value: UInt32) throws -> IssueBar? {
        try said { try $0.checkCoupon(member: member, campaign: campaign, value: value).map(IssueBar.init) }
    }

    public func issueCoupon(member: String, campaign: String, value: UInt32) throws -> Shown.CouponCard {
        let request = IssueRequest(member: member, campaign: campaign, value: value)
        return try said { Shown.CouponCard(try $0.issueCoupon(request: request)) }
    }

    public func voidCoupon(_ coupon: String) throws -> String {
        try said { try $0.voidCoupon(coupon: coupon) }
    }

    public func handOverCoupon(_ coupon: String) throws {
        try said { try $0.handOverCoupon(coupon: coupon) }
    }

    public func coupons(offset: Int) throws -> [Shown.CouponRow] {
        try said { try $0.coupons(offset: UInt32(offset), limit: 50).map(Shown.CouponRow.init) }
    }

    public func coupon(_ id: String) throws -> Shown.CouponCard {
        try said { Shown.CouponCard(try $0.coupon(coupon: id)) }
    }

    public func memberCoupons(_ member: String) throws -> [MemberCoupon] {
        try said { try $0.memberCoupons(member: member).map(MemberCoupon.init) }
    }

    // MARK: New

    public func enrolWalkin(_ walkin: Walkin) throws -> String {
        try said { try $0.enrolWalkIn(request: WalkinRequest(walkin)).member }
    }

    public func makePersonalTag(name: String) throws -> String {
        try said { try $0.makePersonalTag(name: name) }
    }

    public func revealPhone(member: String, reason: Shown.RevealReason) throws -> String {
        try said { try $0.revealPhone(member: member, reason: GuidebookCore.RevealReason(reason)) }
    }

    // MARK: The core

    private func said<T>(_ work: (any GuidebookProtocol) throws -> T) throws -> T {
        do {
            return try work(core())
        } catch let error as GuidebookError {
            throw Problem(error)
        }
    }

    private func core() throws -> any GuidebookProtocol {
        if let opened { return opened }
        let core = try open(nil)
        opened = core
        return core
    }

    private func open(_ book: String?) throws -> any GuidebookProtocol {
        try translated {
            let request = OpenRequest(directory: directory, book: book)
            let core = wrap(try CoreObject.open(request: request, keys: keys, clock: nil, marks: marks))
            core.observe(observer: ear.map(Listener.init))
            return core
        }
    }

    private func labelled(_ guide: Guide) -> Guide {
        if let name = opened?.name() { kept.write(Self.label(name), guide.name) }
        return guide
    }

    private static func label(_ book: String) -> String { "guide.\(book)" }
}

/// Passes on what the core says has changed.
private final class Listener: BookObserver {
    private let ear: @Sendable (Change) -> Void

    init(ear: @escaping @Sendable (Change) -> Void) {
        self.ear = ear
    }

    func changed(change: BookChange) {
        ear(Change(change))
    }
}

private func translated<T>(_ work: () throws -> T) throws -> T {
    do {
        return try work()
    } catch let error as GuidebookError {
        throw Problem(error)
    }
}

private func heard<T: Sendable>(_ work: @Sendable () async throws -> T) async throws -> T {
    do {
        return try await work()
    } catch let error as GuidebookError {
        throw Problem(error)
    }
}
