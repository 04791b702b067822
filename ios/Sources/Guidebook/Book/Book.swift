/// The client book as the models see it: the core behind a protocol, so that tests can put a made-up one in its place.
///
/// Every call may be made from the main actor: whoever conforms does the work elsewhere. What fails throws a `Problem`.
/// Reads and edits never touch the network; only `enrol` and `syncNow` do.
public protocol Book: Sendable {
    /// Sets who hears of changes. Called from any thread, before the call that made the change returns.
    func observe(_ ear: @escaping @Sendable (Change) -> Void) async

    func state() async throws -> BookState
    func unlock() async throws
    func lock() async throws
    func wipe() async throws
    func enrol(server: String, code: String, deviceName: String) async throws -> Guide
    func guide() async throws -> Guide

    func guidesOnThisPhone() async throws -> [GuideOnPhone]
    /// Locks this book and goes on with another guide's, which it does not unlock.
    func switchTo(book: String) async throws
    /// Locks this book and begins an empty one, for a guide who is not on this phone yet.
    func beginAnother() async throws

    func list(_ request: ListRequest) async throws -> MemberPage
    func member(_ id: String) async throws -> Member
    func memberByPhone(_ phone: String) async throws -> MemberRow?
    /// What a scanned text is. Asked also while no book is open.
    func readCode(_ text: String) async throws -> Code
    func tagGroups() async throws -> [TagGroup]
    func brands() async throws -> [Brand]
    func limits() async throws -> Limits

    /// Edits, newest first: all, or those on a member; at most 50.
    func edits(of member: String?, offset: Int) async throws -> [Edit]
    func edit(_ id: String) async throws -> Edit
    func syncState() async throws -> SyncState
    func syncNow() async throws
    /// While it is on and the book is open, what HQ and colleagues change arrives within seconds, and edits go up by
    /// themselves.
    func setLive(_ on: Bool) async throws

    // Each returns the id of the edit, by which it can be undone.
    func setTag(member: String, tag: String, on: Bool) async throws -> String
    func writeNote(member: String, text: String) async throws -> String
    func addFollowUp(member: String, text: String, due: Day) async throws -> String
    func setFollowUpDone(member: String, followUp: String, done: Bool) async throws -> String
    func setField(member: String, field: Field, value: String) async throws -> String
    func undo(edit: String) async throws -> String
    func applyAgain(edit: String) async throws -> String

    /// Returns the member's id.
    func enrolWalkin(_ walkin: Walkin) async throws -> String
    /// Returns the tag's id.
    func makePersonalTag(name: String) async throws -> String
    /// The campaigns of which she may give something out, or soon may, by name.
    func campaigns() async throws -> [Campaign]
    /// Why this coupon can't be given to the member at the moment; none if it can.
    func checkCoupon(member: String, campaign: String, value: UInt32) async throws -> IssueBar?
    /// Gives a coupon out, with or without a network. Once this has returned the coupon is kept.
    func issueCoupon(member: String, campaign: String, value: UInt32) async throws -> CouponCard
    /// Takes back a coupon that the customer does not have yet. Returns the edit's id.
    func voidCoupon(_ coupon: String) async throws -> String
    /// The customer has it: from then on it can't be taken back.
    func handOverCoupon(_ coupon: String) async throws
    /// What was given out on this phone, newest first, at most 50.
    func coupons(offset: Int) async throws -> [CouponRow]
    func coupon(_ id: String) async throws -> CouponCard
    /// The coupons that a member has or had, newest first.
    func memberCoupons(_ member: String) async throws -> [MemberCoupon]

    /// The full number. That it was asked for, and why, is on record before it is returned.
    func revealPhone(member: String, reason: RevealReason) async throws -> String
}
