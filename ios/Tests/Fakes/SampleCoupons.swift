import Guidebook

extension FakeBook {
    private static func amounts(_ offers: [(yuan: UInt32, left: Int)]) -> [Offer] {
        offers.map { Offer(value: $0.yuan * 100, worth: .amount(Int64($0.yuan) * 100), left: $0.left) }
    }

    public static let campaigns = [
        Campaign(
            id: "c1", name: "周年庆满减券", offers: amounts([(50, 12), (100, 4), (200, 0)]), leastSpendFen: 50_000,
            validity: .days(7)),
        Campaign(
            id: "c2", name: "新品九折券",
            offers: [Offer(value: 1_000, worth: .percent(basisPoints: 1_000, capFen: 20_000), left: 20)], leastSpendFen: 0,
            validity: .fixed(from: Day("2026-11-20")!, to: Day("2026-12-01")!)),
        Campaign(
            id: "c3", name: "生日礼", offers: [Offer(value: 3, worth: .gift("真丝方巾"), left: 0)], leastSpendFen: 100_000,
            validity: .days(1), bar: .noCodeLeft),
        Campaign(
            id: "c4", name: "双十二预热券", offers: amounts([(30, 40)]), leastSpendFen: 20_000, validity: .days(3),
            bar: .notYet(from: Day("2026-12-05")!)),
    ]

    public static let couponsOfEveryState: [CouponRow] = [
        CouponState.issued, .handedOver, .redeemed, .expired, .void, .refused,
    ]
    .enumerated().map { number, state in
        CouponRow(
            id: "k\(number)", member: number == 5 ? "M9" : "M1", memberName: number == 5 ? nil : "查美", campaign: "周年庆满减券",
            worth: .amount(5_000), lastDay: Day("2026-11-29")!, state: state, waiting: number == 0)
    }

    static func card(_ row: CouponRow) -> CouponCard {
        CouponCard(
            row: row, leastSpendFen: 50_000, stores: ["红荔路店"], code: "K7QM-2XPA-9D4F-WV8H",
            qr: QrModules(side: 3, dark: [true, false, true, false, true, false, true, false, true]), bars: [2, 1, 1, 2, 3])
    }
}
