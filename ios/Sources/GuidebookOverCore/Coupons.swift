import Foundation
import Guidebook
import GuidebookCore

// Coupons in the words of the models.

extension Campaign {
    init(_ row: CampaignRow) {
        self.init(
            id: row.id, name: row.name,
            offers: row.values.map { Offer(value: $0.value, worth: Worth($0.worth), left: Int($0.left)) },
            leastSpendFen: Int64(row.leastSpendFen), validity: Validity(row.validity), bar: row.whyNot.map(IssueBar.init))
    }
}

extension Worth {
    init(_ worth: CouponWorth) {
        switch worth {
        case .amount(let fen): self = .amount(Int64(fen))
        case .percent(let points, let cap): self = .percent(basisPoints: Int(points), capFen: Int64(cap))
        case .gift(let name): self = .gift(name)
        }
    }
}

extension Validity {
    init(_ validity: CouponValidity) {
        switch validity {
        case .fromIssue(let days): self = .days(Int(days))
        case .fixed(let from, let to): self = .fixed(from: Day.ofCore(from), to: Day.ofCore(to))
        }
    }
}

extension Day {
    /// The core's days are whole.
    fileprivate static func ofCore(_ text: String) -> Day { Day(text) ?? Day(.distantPast) }
}

extension IssueBar {
    init(_ problem: CouponProblem) {
        switch problem {
        case .paused: self = .paused
        case .over: self = .over
        case .notYet(let from): self = .notYet(from: Day.ofCore(from))
        case .notYourStore: self = .notYourStore
        case .notYourBrand: self = .notYourBrand
        case .notYours: self = .notYours
        case .noMembership: self = .noMembership
        case .memberLimit(let limit): self = .memberLimit(Int(limit))
        case .noSuchValue: self = .noSuchValue
        case .noCodeLeft: self = .noCodeLeft
        case .leaseOver: self = .leaseOver
        case .clockSetBack: self = .clockSetBack
        case .noMarks: self = .noMarks
        }
    }
}

extension CouponState {
    init(_ status: CouponStatus) {
        switch status {
        case .issued: self = .issued
        case .handedOver: self = .handedOver
        case .redeemed: self = .redeemed
        case .expired: self = .expired
        case .void: self = .void
        case .refused: self = .refused
        }
    }
}

extension Shown.CouponRefusal {
    init(_ refusal: GuidebookCore.CouponRefusal) {
        switch refusal {
        case .notSigned: self = .notSigned
        case .notLeased: self = .notLeased
        case .givenTwice: self = .givenTwice
        case .surrendered: self = .surrendered
        case .voided: self = .voided
        case .reserved: self = .reserved
        case .redeemed: self = .redeemed
        case .expired: self = .expired
        }
    }
}

extension Shown.CouponRow {
    init(_ row: GuidebookCore.CouponRow) {
        self.init(
            id: row.id, member: row.member, memberName: row.memberName, campaign: row.campaignName, worth: Worth(row.worth),
            lastDay: Day.ofCore(row.lastDay), state: CouponState(row.status), waiting: row.waiting)
    }
}

extension Shown.CouponCard {
    init(_ card: GuidebookCore.CouponCard) {
        self.init(
            row: Shown.CouponRow(card.row), leastSpendFen: Int64(card.leastSpendFen), stores: card.stores, code: card.code,
            qr: Shown.QrModules(side: Int(card.qr.side), dark: card.qr.modules.map { $0 == 1 }),
            bars: card.bars.map(Int.init))
    }
}

extension MemberCoupon {
    init(_ row: MemberCouponRow) {
        self.init(
            coupon: row.coupon, campaign: row.campaignName, worth: row.worth.map(Worth.init),
            lastDay: Day.ofCore(row.lastDay),
            state: CouponState(row.status))
    }
}
