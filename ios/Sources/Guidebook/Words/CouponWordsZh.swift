extension WordsZh {
    public var coupons: String { "优惠券" }
    public var couponGive: String { "发券" }
    public var campaigns: String { "可发的活动" }
    public var noCampaigns: String { "总部还没有给你活动" }
    public var noCouponsTitle: String { "还没有发过券" }
    public var couponsGiven: String { "发出的券" }
    public var couponChoose: String { "选一个活动" }
    public var couponValue: String { "选面额" }
    public var couponOffline: String { "没有网络也能发，收银台照常可用。" }
    public var couponCodes: String { "给收银员扫，或报出券码" }
    public var couponBar: String { "条形码" }
    public var couponUnsent: String { "总部还没收到，券照常可用" }
    public var couponVoid: String { "作废" }
    public var couponVoidWhy: String { "还没交给客人的券可以作废，作废后不能再用。" }
    public var couponVoided: String { "券已作废" }
    public var couponHandOver: String { "已交给客人" }
    public var couponHandedOver: String { "已记下：交给客人" }
    public var couponSend: String { "发给客人" }
    public var couponGoneTitle: String { "没有这张券" }
    public var couponGoneLead: String { "它可能属于这台手机上的另一位导购。" }
    public var memberNoCoupons: String { "还没有优惠券" }

    public func worth(_ worth: Worth) -> String {
        switch worth {
        case .amount(let fen): money(fen)
        // Chinese names what is still to be paid: 12 % off is 8.8 折.
        case .percent(let points, let cap): "\(CouponFigures.hundredths((10_000 - points) / 10)) 折，最多减 \(money(cap))"
        case .gift(let name): "赠品：\(name)"
        }
    }
    public func leastSpend(_ fen: Int64) -> String { fen == 0 ? "无门槛" : "满 \(money(fen)) 可用" }
    public func left(_ count: Int) -> String { count == 0 ? "暂时没有" : "还有 \(count) 张" }
    public func validity(_ validity: Validity) -> String {
        switch validity {
        case .days(1): "当天有效"
        case .days(let days): "发出起 \(days) 天有效"
        case .fixed(_, let to): validThrough(to)
        }
    }
    public func validThrough(_ day: Day) -> String { "有效期至\(self.day(day))" }
    public func onlyIn(_ stores: [String]) -> String { stores.isEmpty ? "各门店可用" : "限\(stores.joined(separator: "、"))使用" }
    public func give(_ worth: String) -> String { "发放 \(worth)" }
    public func giveTo(_ name: String) -> String { "发券给\(name)" }

    public func bar(_ bar: IssueBar) -> String {
        switch bar {
        case .paused: "总部暂停了这个活动"
        case .over: "活动已结束"
        case .notYet(let from): "\(day(from))开始"
        case .notYourStore: "不是你门店的活动"
        case .notYourBrand: "不是你品牌的活动"
        case .notYours: "这个活动没有分配给你"
        case .noMembership: "客人还不是这个品牌的会员"
        case .memberLimit(let limit): "每位客人最多 \(limit) 张，她已领过"
        case .noSuchValue: "没有这个面额"
        case .noCodeLeft: "这台手机上的券码用完了，联网后会自动补充"
        case .leaseOver: "券码过了 72 小时，联网后会自动换新"
        case .clockSetBack: "手机的时间被往回调过，联网一次后才能再发券"
        case .noMarks: "手机的安全存储没有回应，请稍后再试"
        }
    }

    public func couponState(_ state: CouponState) -> String {
        switch state {
        case .issued: "已发放"
        case .handedOver: "已交给客人"
        case .redeemed: "已使用"
        case .expired: "已过期"
        case .void: "已作废"
        case .refused: "总部没有接受"
        }
    }

    public func couponRefusal(_ refusal: CouponRefusal) -> String {
        switch refusal {
        case .notSigned: "总部认不出这张券的签名。请联系总部。"
        case .notLeased: "这个券码没有分给这台手机。"
        case .givenTwice: "这台手机的副本已把同一个券码发给别人。请联系总部。"
        case .surrendered: "这个券码已退回总部。"
        case .voided: "这张券之前已作废。"
        case .reserved: "收银台正在使用这张券。"
        case .redeemed: "这张券已被使用。"
        case .expired: "这张券已过期。"
        }
    }

    public func qrSaid(_ code: String) -> String { "二维码，券码 \(code)" }
    public func couponMessage(_ card: CouponCard) -> String {
        """
        \(card.row.campaign)：\(worth(card.row.worth))
        券码 \(card.code)
        \(leastSpend(card.leastSpendFen))，\(validThrough(card.row.lastDay))，\(onlyIn(card.stores))
        结账时把券码报给收银员。
        """
    }
}

enum CouponFigures {
    /// 880 is 8.8, 905 is 9.05, 900 is 9.
    static func hundredths(_ figure: Int) -> String {
        let (whole, rest) = (figure / 100, figure % 100)
        if rest == 0 { return "\(whole)" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
