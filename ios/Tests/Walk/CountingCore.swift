import Foundation
import GuidebookCore
import GuidebookOverCore

/// Counts the calls to the core, and those among them that were made on the main thread.
public final class CallCount: @unchecked Sendable {
    private let lock = NSLock()
    private var all = 0
    private var onMain = 0

    public func count() {
        let main = Thread.isMainThread
        lock.withLock {
            all += 1
            if main { onMain += 1 }
        }
    }

    public var calls: Int { lock.withLock { all } }
    public var callsOnMain: Int { lock.withLock { onMain } }
}

/// The core, with every call counted on its way.
final class CountingCore: GuidebookProtocol {
    private let inner: CoreObject
    private let count: CallCount

    init(_ inner: CoreObject, count: CallCount) {
        self.inner = inner
        self.count = count
    }

    private var core: CoreObject {
        count.count()
        return inner
    }

    func addFollowUp(member: String, text: String, due: String) throws -> String {
        try core.addFollowUp(member: member, text: text, due: due)
    }
    func applyAgain(edit: String) throws -> String { try core.applyAgain(edit: edit) }
    func enrolWalkIn(request: WalkinRequest) throws -> WalkinView { try core.enrolWalkIn(request: request) }
    func makePersonalTag(name: String) throws -> String { try core.makePersonalTag(name: name) }
    func renamePersonalTag(tag: String, name: String) throws -> String { try core.renamePersonalTag(tag: tag, name: name) }
    func revealPhone(member: String, reason: RevealReason) throws -> String {
        try core.revealPhone(member: member, reason: reason)
    }
    func setField(member: String, field: MemberField, value: String) throws -> String {
        try core.setField(member: member, field: field, value: value)
    }
    func setFollowUpDone(member: String, followUp: String, done: Bool) throws -> String {
        try core.setFollowUpDone(member: member, followUp: followUp, done: done)
    }
    func setTag(member: String, tag: String, on: Bool) throws -> String { try core.setTag(member: member, tag: tag, on: on) }
    func undo(edit: String) throws -> String { try core.undo(edit: edit) }
    func writeNote(member: String, text: String) throws -> String { try core.writeNote(member: member, text: text) }
    func guide() throws -> GuideView { try core.guide() }
    func lock() { core.lock() }
    func name() -> String { core.name() }
    func observe(observer: BookObserver?) { core.observe(observer: observer) }
    func state() throws -> BookState { try core.state() }
    func switchBook(book: String) throws -> CoreObject { try core.switchBook(book: book) }
    func unlock() throws { try core.unlock() }
    func wipe() throws { try core.wipe() }
    func brands() throws -> [MembershipRow] { try core.brands() }
    func digest() throws -> String { try core.digest() }
    func editFate(edit: String) throws -> EditRow { try core.editFate(edit: edit) }
    func editHistory(member: String?, offset: UInt32, limit: UInt32) throws -> [EditRow] {
        try core.editHistory(member: member, offset: offset, limit: limit)
    }
    func limits() -> LimitsView { core.limits() }
    func list(request: ListRequest) throws -> MemberPage { try core.list(request: request) }
    func member(member: String) throws -> MemberView { try core.member(member: member) }
    func memberByPhone(phone: String) throws -> MemberRow? { try core.memberByPhone(phone: phone) }
    func readCode(text: String) throws -> CodeView { try core.readCode(text: text) }
    func tagGroups() throws -> [TagGroupView] { try core.tagGroups() }
    func enrol(request: EnrolRequest) async throws -> GuideView { try await core.enrol(request: request) }
    func setLive(on: Bool) { core.setLive(on: on) }
    func syncNow() async throws -> SyncReport { try await core.syncNow() }
    func campaigns() throws -> [CampaignRow] { try core.campaigns() }
    func checkCoupon(member: String, campaign: String, value: UInt32) throws -> CouponProblem? {
        try core.checkCoupon(member: member, campaign: campaign, value: value)
    }
    func issueCoupon(request: IssueRequest) throws -> CouponCard { try core.issueCoupon(request: request) }
    func handOverCoupon(coupon: String) throws { try core.handOverCoupon(coupon: coupon) }
    func voidCoupon(coupon: String) throws -> String { try core.voidCoupon(coupon: coupon) }
    func coupons(offset: UInt32, limit: UInt32) throws -> [CouponRow] { try core.coupons(offset: offset, limit: limit) }
    func coupon(coupon: String) throws -> CouponCard { try core.coupon(coupon: coupon) }
    func memberCoupons(member: String) throws -> [MemberCouponRow] { try core.memberCoupons(member: member) }
    func syncState() throws -> SyncStateView { try core.syncState() }
}
