import Foundation
import Guidebook

extension FakeBook {
    /// The moment at which tests take place: the evening of 23 November 2026, where the tests run.
    public static let now: Date = {
        let parts = DateComponents(year: 2026, month: 11, day: 23, hour: 18)
        return Calendar.current.date(from: parts) ?? .distantPast
    }()

    public static let groups = [
        TagGroup(
            id: "g1", name: "偏好", singleChoice: false, editable: true,
            tags: [Tag(id: "T1", name: "送礼"), Tag(id: "T2", name: "通勤"), Tag(id: "T3", name: "真皮")]),
        TagGroup(
            id: "g2", name: "年龄段", singleChoice: true, editable: true,
            tags: [Tag(id: "T4", name: "90后"), Tag(id: "T5", name: "80后")]),
        TagGroup(
            id: "g3", name: "会员价值", singleChoice: true, editable: false,
            tags: [Tag(id: "T6", name: "VIP"), Tag(id: "T7", name: "沉睡")]),
        TagGroup(
            id: TagGroup.personalId, name: "", singleChoice: false, editable: true, tags: [Tag(id: "P1", name: "周末来")]),
    ]

    /// A member with everything.
    public static func full(id: String = "M1", name: String = "查美") -> Member {
        var row = MemberRow(id: id, name: name)
        row.remarkName = "美姐"
        row.maskedPhone = "177****3564"
        row.level = "金卡"
        row.tags = ["T1", "T4", "T6"]
        row.spendFen = 1_234_550
        row.lastPurchase = Day("2026-10-31")
        row.daysToBirthday = 3
        row.nextFollowUp = Day("2026-11-22")
        row.waiting = 2
        row.indexLetter = "Z"
        var member = Member(row: row)
        member.birthday = Birthday("1993-11-26")
        member.joined = Day("2025-04-10")
        member.points = 5_804
        member.store = "红荔路店"
        member.brands = [Brand(id: "B05", name: "青禾记")]
        member.marketing = true
        member.orders = 9
        member.purchases = [
            Purchase(day: Day("2026-10-31")!, product: "青禾记 羊绒大衣", quantity: 1, paidFen: 289_900),
            Purchase(day: Day("2026-09-02")!, product: "青禾记 真丝围巾", quantity: 2, paidFen: 59_850),
        ]
        member.notes = [Note(id: "n1", text: "喜欢蓝色，周末来", guide: "李娜晴", at: now.addingTimeInterval(-7_200))]
        member.followUps = [
            FollowUp(id: "f1", text: "大衣到货回电", due: Day("2026-11-22")!, done: false, guide: "李娜晴"),
            FollowUp(id: "f2", text: "送生日贺卡", due: Day("2026-11-26")!, done: true, guide: "李娜晴"),
        ]
        member.fields = [.remarkName: "美姐", .sizeShoe: "37", .preferences: "浅色，不穿羊毛"]
        member.spendByMonth = (0..<12).map { month in
            MonthSpend(
                month: "2026-\(month < 9 ? "0" : "")\(month + 1)", spendFen: month % 3 == 0 ? Int64(month) * 40_000 : 0)
        }
        member.cadenceDays = 58
        member.usualReturn = Day("2026-12-28")
        member.replenishments = [Replenishment(product: "青禾记 护手霜", due: Day("2026-12-01")!)]
        return member
    }

    public static func bare(id: String, name: String) -> Member {
        Member(row: MemberRow(id: id, name: name))
    }

    public static let longName = "欧阳娜娜阿依古丽·买买提江·亚历山德拉·冯·霍恩洛厄"

    public static let editsOfEveryFate: [Edit] = [
        made("e1", .tag, "+送礼", .waiting, undoable: true),
        made("e2", .field, "38", .superseded(guide: "冯芳超", at: now.addingTimeInterval(-3_600), with: "39")),
        made("e3", .tag, "+通勤", .refused(.tagDeleted)),
        made("e4", .note, "喜欢蓝色", .applied, undoable: true),
        made("e5", .choice, "=90后", .redirected),
        made("e6", .reveal, "call", .applied),
    ]

    private static func made(
        _ id: String, _ kind: EditKind, _ what: String, _ fate: Fate, undoable: Bool = false
    ) -> Edit {
        Edit(
            id: id, member: "M1", kind: kind, what: what, at: now.addingTimeInterval(-5_400), fate: fate, undoable: undoable)
    }
}
