/// Campaigns, coupons, and why one can't be given out.
public protocol CouponWords {
    var coupons: String { get }
    var couponGive: String { get }
    var campaigns: String { get }
    var noCampaigns: String { get }
    var noCouponsTitle: String { get }
    var couponsGiven: String { get }
    var couponChoose: String { get }
    var couponValue: String { get }
    var couponOffline: String { get }
    var couponCodes: String { get }
    var couponBar: String { get }
    var couponUnsent: String { get }
    var couponVoid: String { get }
    var couponVoidWhy: String { get }
    var couponVoided: String { get }
    var couponHandOver: String { get }
    var couponHandedOver: String { get }
    var couponSend: String { get }
    var couponGoneTitle: String { get }
    var couponGoneLead: String { get }
    var memberNoCoupons: String { get }
    func worth(_ worth: Worth) -> String
    func leastSpend(_ fen: Int64) -> String
    func left(_ count: Int) -> String
    func validity(_ validity: Validity) -> String
    func validThrough(_ day: Day) -> String
    func onlyIn(_ stores: [String]) -> String
    func give(_ worth: String) -> String
    func giveTo(_ name: String) -> String
    func bar(_ bar: IssueBar) -> String
    func couponState(_ state: CouponState) -> String
    func couponRefusal(_ refusal: CouponRefusal) -> String
    func qrSaid(_ code: String) -> String
    /// What the customer gets in a message.
    func couponMessage(_ card: CouponCard) -> String
}
