import Foundation

/// What a coupon is worth. Money in fen.
public enum Worth: Equatable, Sendable {
    case amount(Int64)
    /// So much off, in 1/100 of a per cent, up to a cap.
    case percent(basisPoints: Int, capFen: Int64)
    case gift(String)
}

/// A value of a campaign, and how many codes of it lie on this phone.
public struct Offer: Equatable, Sendable, Identifiable {
    public let value: UInt32
    public let worth: Worth
    public let left: Int

    public var id: UInt32 { value }

    public init(value: UInt32, worth: Worth, left: Int) {
        self.value = value
        self.worth = worth
        self.left = left
    }
}

public enum Validity: Equatable, Sendable {
    /// From the day on which it is given out, for so many days.
    case days(Int)
    case fixed(from: Day, to: Day)
}

/// A campaign as HQ told of it. `bar` says why nothing of it can be given out at the moment, whoever the member is.
public struct Campaign: Equatable, Sendable, Identifiable {
    public let id: String
    public let name: String
    public let offers: [Offer]
    public let leastSpendFen: Int64
    public let validity: Validity
    public let bar: IssueBar?

    public var left: Int { offers.reduce(0) { $0 + $1.left } }

    public init(id: String, name: String, offers: [Offer], leastSpendFen: Int64, validity: Validity, bar: IssueBar? = nil) {
        self.id = id
        self.name = name
        self.offers = offers
        self.leastSpendFen = leastSpendFen
        self.validity = validity
        self.bar = bar
    }
}

/// Why a coupon can't be given out.
public enum IssueBar: Equatable, Sendable {
    case paused, over, notYourStore, notYourBrand, notYours, noMembership, noSuchValue, noCodeLeft, leaseOver, clockSetBack
    case notYet(from: Day)
    case memberLimit(Int)
    /// The phone's key store does not answer.
    case noMarks
}

public enum CouponState: Equatable, Sendable {
    case issued, handedOver, redeemed, expired, void
    case refused
}

/// Why HQ does not take what was done with a coupon.
public enum CouponRefusal: CaseIterable, Equatable, Sendable {
    case notSigned, notLeased, givenTwice, surrendered, voided, reserved, redeemed, expired
}

/// A coupon that was given out on this phone.
public struct CouponRow: Equatable, Sendable, Identifiable {
    public let id: String
    public let member: String
    /// None once she is no more in the book.
    public let memberName: String?
    public let campaign: String
    public let worth: Worth
    public let lastDay: Day
    public let state: CouponState
    /// HQ has yet to hear of it; it is valid all the same.
    public let waiting: Bool

    public init(
        id: String, member: String, memberName: String?, campaign: String, worth: Worth, lastDay: Day, state: CouponState,
        waiting: Bool = false
    ) {
        self.id = id
        self.member = member
        self.memberName = memberName
        self.campaign = campaign
        self.worth = worth
        self.lastDay = lastDay
        self.state = state
        self.waiting = waiting
    }
}

/// What is shown to the customer.
public struct CouponCard: Equatable, Sendable {
    public let row: CouponRow
    public let leastSpendFen: Int64
    /// Where it is taken; empty for all stores.
    public let stores: [String]
    /// The typed code in its groups.
    public let code: String
    public let qr: QrModules
    /// Code 128: widths of bars and spaces in turn, in modules, beginning with a bar.
    public let bars: [Int]

    public init(row: CouponRow, leastSpendFen: Int64, stores: [String], code: String, qr: QrModules, bars: [Int]) {
        self.row = row
        self.leastSpendFen = leastSpendFen
        self.stores = stores
        self.code = code
        self.qr = qr
        self.bars = bars
    }

    /// Whether a till would take it.
    public var isUsable: Bool { row.state == .issued || row.state == .handedOver }
}

/// A QR code without its quiet zone: `dark` row by row.
public struct QrModules: Equatable, Sendable {
    public let side: Int
    public let dark: [Bool]

    public init(side: Int, dark: [Bool]) {
        self.side = side
        self.dark = dark
    }
}

/// A coupon that a member has or had, whoever gave it to her. `coupon` is its id if this phone did.
public struct MemberCoupon: Equatable, Sendable {
    public let coupon: String?
    public let campaign: String
    public let worth: Worth?
    public let lastDay: Day
    public let state: CouponState

    public init(coupon: String?, campaign: String, worth: Worth?, lastDay: Day, state: CouponState) {
        self.coupon = coupon
        self.campaign = campaign
        self.worth = worth
        self.lastDay = lastDay
        self.state = state
    }
}
