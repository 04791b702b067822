extension WordsEn {
    public var coupons: String { "Coupons" }
    public var couponGive: String { "Give a coupon" }
    public var campaigns: String { "Campaigns" }
    public var noCampaigns: String { "No campaigns from headquarters yet" }
    public var noCouponsTitle: String { "No coupons given out yet" }
    public var couponsGiven: String { "Given out" }
    public var couponChoose: String { "Choose a campaign" }
    public var couponValue: String { "Choose a value" }
    public var couponOffline: String { "Works without a network; every till takes it." }
    public var couponCodes: String { "For the till: scan it, or say the code" }
    public var couponBar: String { "Bar code" }
    public var couponUnsent: String { "Not yet sent to headquarters; it is valid all the same" }
    public var couponVoid: String { "Void it" }
    public var couponVoidWhy: String { "A coupon she does not have yet can be voided; it can then never be used." }
    public var couponVoided: String { "Coupon voided" }
    public var couponHandOver: String { "She has it" }
    public var couponHandedOver: String { "Noted: she has it" }
    public var couponSend: String { "Send it to her" }
    public var couponGoneTitle: String { "No such coupon" }
    public var couponGoneLead: String { "It may belong to another guide on this phone." }
    public var memberNoCoupons: String { "No coupons yet" }

    public func worth(_ worth: Worth) -> String {
        switch worth {
        case .amount(let fen): money(fen)
        case .percent(let points, let cap): "\(CouponFigures.hundredths(points))% off, up to \(money(cap))"
        case .gift(let name): "Gift: \(name)"
        }
    }
    public func leastSpend(_ fen: Int64) -> String { fen == 0 ? "No minimum" : "Min. spend \(money(fen))" }
    public func left(_ count: Int) -> String { count == 0 ? "None at the moment" : "\(count) left" }
    public func validity(_ validity: Validity) -> String {
        switch validity {
        case .days(1): "Valid today"
        case .days(let days): "Valid for \(days) days"
        case .fixed(_, let to): validThrough(to)
        }
    }
    public func validThrough(_ day: Day) -> String { "Valid through \(self.day(day))" }
    public func onlyIn(_ stores: [String]) -> String {
        stores.isEmpty ? "In all stores" : "Only at \(stores.joined(separator: ", "))"
    }
    public func give(_ worth: String) -> String { "Give \(worth)" }
    public func giveTo(_ name: String) -> String { "A coupon for \(name)" }

    public func bar(_ bar: IssueBar) -> String {
        switch bar {
        case .paused: "Headquarters has paused it"
        case .over: "It is over"
        case .notYet(let from): "Begins \(day(from))"
        case .notYourStore: "Not for your store"
        case .notYourBrand: "Not for your brand"
        case .notYours: "Not given to you"
        case .noMembership: "She is not a member of this brand"
        case .memberLimit(let limit): "At most \(limit) for one customer, and she has had them"
        case .noSuchValue: "No such value"
        case .noCodeLeft: "No codes left on this phone; the next contact brings some"
        case .leaseOver: "These codes are older than 72 hours; the next contact brings new ones"
        case .clockSetBack: "The phone's clock was set back; after the next contact you can go on"
        case .noMarks: "The phone's key store does not answer; try again in a moment"
        }
    }

    public func couponState(_ state: CouponState) -> String {
        switch state {
        case .issued: "Given out"
        case .handedOver: "She has it"
        case .redeemed: "Used"
        case .expired: "Expired"
        case .void: "Voided"
        case .refused: "Refused"
        }
    }

    public func couponRefusal(_ refusal: CouponRefusal) -> String {
        switch refusal {
        case .notSigned: "Headquarters does not know the signature. Please tell them."
        case .notLeased: "This code was not given to this phone."
        case .givenTwice: "A copy of this phone has given the same code to somebody else. Please tell headquarters."
        case .surrendered: "The code went back to headquarters before."
        case .voided: "It was voided before."
        case .reserved: "A till holds it at this moment."
        case .redeemed: "It has been used."
        case .expired: "Its last day is over."
        }
    }

    public func qrSaid(_ code: String) -> String { "QR code, code \(code)" }
    public func couponMessage(_ card: CouponCard) -> String {
        """
        \(card.row.campaign): \(worth(card.row.worth))
        Code \(card.code)
        \(leastSpend(card.leastSpendFen)). \(validThrough(card.row.lastDay)). \(onlyIn(card.stores)).
        Say the code at the till.
        """
    }
}
