import Foundation

public enum EditKind: String, CaseIterable, Sendable {
    case tag, choice, note, noteWithdrawal, followUp, followUpDone, field, enrolment, personalTag, reveal, coupon,
        couponVoid, surrender
}

/// What the guide did, and what became of it.
public struct Edit: Equatable, Sendable, Identifiable {
    public let id: String
    public let member: String?
    public let kind: EditKind
    /// Short and in no language: `+Name`, `-Name`, `=Name`, the text.
    public let what: String
    public let at: Date
    public let fate: Fate
    public let undoable: Bool

    public init(id: String, member: String?, kind: EditKind, what: String, at: Date, fate: Fate, undoable: Bool) {
        self.id = id
        self.member = member
        self.kind = kind
        self.what = what
        self.at = at
        self.fate = fate
        self.undoable = undoable
    }
}

public enum Fate: Equatable, Sendable {
    case waiting
    case applied
    /// A later edit holds.
    case superseded(guide: String, at: Date, with: String)
    /// It holds on another member or tag.
    case redirected
    case refused(Refusal)

    /// It did not come to hold: the guide may want to look.
    public var isLost: Bool {
        switch self {
        case .superseded, .refused: true
        case .waiting, .applied, .redirected: false
        }
    }
}

public enum Refusal: Equatable, Sendable {
    case notYourMember
    case tagDeleted
    case rule(InvalidReason)
    case notYours
    case notUnderstood
    case coupon(CouponRefusal)
}

public struct SyncState: Equatable, Sendable {
    public var waiting = 0
    public var refused = 0
    public var lastContact: Date?
    public var running = false
    public var retrying = false

    public init() {}
}

/// What has changed, not the new value.
public enum Change: Equatable, Sendable {
    case members([String])
    case dictionary
    case syncState
    /// Campaigns, what is left of them, or coupons of this phone.
    case coupons
    case book
}
