package guidebook.ui.fake

import guidebook.ui.book.Birthday
import guidebook.ui.book.Brand
import guidebook.ui.book.Edit
import guidebook.ui.book.EditKind
import guidebook.ui.book.Fate
import guidebook.ui.book.Field
import guidebook.ui.book.FollowUp
import guidebook.ui.book.Guide
import guidebook.ui.book.Limits
import guidebook.ui.book.Member
import guidebook.ui.book.MemberRow
import guidebook.ui.book.MonthSpend
import guidebook.ui.book.Note
import guidebook.ui.book.Purchase
import guidebook.ui.book.Refusal
import guidebook.ui.book.Replenishment
import guidebook.ui.book.SyncState
import guidebook.ui.book.Tag
import guidebook.ui.book.TagGroup
import java.time.Clock
import java.time.Instant
import java.time.LocalDate
import java.time.MonthDay
import java.time.YearMonth
import java.time.ZoneId

/** A made-up counter on a made-up day, the same in every run. */
object Samples {
    val today: LocalDate = LocalDate.of(2026, 11, 23)
    val now: Instant = Instant.parse("2026-11-23T06:30:00Z")
    val clock: Clock = Clock.fixed(now, ZoneId.of("Asia/Shanghai"))

    val guide = Guide("G0002", "李娜晴", "S02", "B05")
    val brand = Brand("B05", "青禾记")
    val limits = Limits(note = 1_000, tagName = 30, remarkName = 30, preferences = 500, size = 20, tagsPerMember = 3_000)

    val groups = listOf(
        TagGroup("g1", "偏好", singleChoice = false, editable = true, named("t1", "真皮", "通勤", "送礼", "丝巾", "新中式", "只看新品", "尺码偏小")),
        TagGroup("g2", "年龄段", singleChoice = true, editable = true, named("t2", "90后", "80后", "70后", "60后以前")),
        TagGroup("g3", "会员价值", singleChoice = true, editable = false, named("t3", "高价值", "潜力", "沉睡")),
        TagGroup("g4", "到店方式", singleChoice = false, editable = true, named("t4", "地铁", "自驾", "外地")),
        TagGroup(TagGroup.PERSONAL, "personal", singleChoice = false, editable = true, named("p", "VIP", "周末来", "带妈妈")),
    )

    private fun named(id: String, vararg names: String) = names.mapIndexed { index, name -> Tag("$id-$index", name) }

    val rows = listOf(
        row("m1", "查美", "小美", "177****3564", "钻石", 2_864_000, 3, listOf("p-0", "t1-2", "t3-0"), birthday = 2, letter = "Z"),
        row("m2", "赵敏", "", "139****5093", "金卡", 1_205_050, 12, listOf("t1-0"), due = true, letter = "Z"),
        row("m3", "欧阳雪梅", "二楼王姐的朋友", "138****6627", "银卡", 638_900, 18, listOf("t1-6", "t2-1"), waiting = 2, letter = "O"),
        row("m4", "徐静雪", "", "199****2968", "金卡", 9_318_800, 26, listOf("t3-0", "t4-1"), birthday = 0, due = true, letter = "X"),
        row("m5", "冯芳", "", "150****6627", "银卡", 158_000, 41, emptyList(), letter = "F"),
        row("m6", "Alice Wong", "", "186****0412", "普卡", 88_000, 77, listOf("t1-4"), letter = "A"),
        row("m7", "罗行", "罗老师", "135****7781", "金卡", 1_024_000, 95, listOf("t4-0", "p-1"), letter = "L"),
        row("m8", "马平涛", "", "", "", 0, null, emptyList(), waiting = 1, letter = "M"),
        row("m9", "尉迟敏瑶", "", "133****9001", "银卡", 432_100, 210, listOf("t3-2"), letter = "Y"),
        row("m10", "汤重霞", "", "158****3320", "普卡", 45_600, 402, emptyList(), letter = "T"),
        row("m11", "王秀英", "大王姐", "137****1188", "钻石", 12_680_000, 5, listOf("p-2", "t1-3"), letter = "W"),
        row("m12", "李雨桐", "", "159****4456", "普卡", 126_000, 60, listOf("t2-0"), letter = "L"),
    )

    val longRow = row(
        "m99", "阿依古丽·买买提吐尔逊江·欧阳慕容", "总店三楼珠宝柜的老客人介绍来的朋友", "138****0000", "至尊黑金钻石", 123_456_789, 1,
        listOf("t1-6", "t2-3"), waiting = 12, birthday = 3, due = true, letter = "A",
    )

    private fun row(
        id: String,
        name: String,
        remark: String,
        phone: String,
        level: String,
        spend: Long,
        daysAgo: Long?,
        tags: List<String>,
        birthday: Int? = null,
        due: Boolean = false,
        waiting: Int = 0,
        letter: String,
    ) = MemberRow(
        id, name, remark, phone, level, tags, spend, daysAgo?.let(today::minusDays), waiting, birthday, today.takeIf { due }, letter,
    )

    fun member(row: MemberRow = rows[0]) = Member(
        row = row,
        birthday = Birthday(MonthDay.of(11, 25), 1988),
        joined = LocalDate.of(2023, 4, 30),
        points = 15_609,
        store = "红荔路店",
        brands = listOf(brand, Brand("B11", "雅集珠宝")),
        marketing = true,
        orders = 23,
        purchases = listOf(
            Purchase(LocalDate.of(2026, 11, 20), "青禾记 羊绒大衣", 1, 328_000),
            Purchase(LocalDate.of(2026, 9, 2), "青禾记 真丝连衣裙", 2, 160_800),
            Purchase(LocalDate.of(2026, 6, 18), "青禾记 护手霜礼盒", 1, 26_850),
        ),
        notes = listOf(
            Note("n1", "女儿明年上小学，想买双肩包。喜欢蓝色 💙", "李娜晴", now.minusSeconds(7_200)),
            Note("n2", "大衣袖子改短 2 厘米，周五来取。", "罗行", now.minusSeconds(86_400 * 3)),
        ),
        followUps = listOf(
            FollowUp("f1", "大衣改好了，打电话请她来取", today, done = false, guide = "李娜晴"),
            FollowUp("f2", "新品到店发图", today.minusDays(2), done = false, guide = "李娜晴"),
            FollowUp("f3", "寄生日卡", today.minusDays(20), done = true, guide = "李娜晴"),
        ),
        fields = mapOf(Field.Preferences to "低饱和色，不穿高领", Field.SizeTop to "M", Field.SizeShoe to "37"),
        spendByMonth = spend(0, 12_000, 0, 88_000, 0, 45_000, 26_850, 0, 0, 160_800, 0, 328_000),
        cadenceDays = 62,
        usualReturn = today.plusDays(1),
        replenishments = listOf(Replenishment("护手霜礼盒", today.plusDays(6))),
    )

    fun bareMember() = Member(rows[7], joined = today, store = "红荔路店", brands = listOf(brand))

    private fun spend(vararg fen: Long) =
        fen.mapIndexed { index, it -> MonthSpend(YearMonth.of(2025, 12).plusMonths(index.toLong()), it) }

    val synced = SyncState(waiting = 0, refused = 0, lastContact = now.minusSeconds(125), running = false, retrying = false)

    val edits = listOf(
        edit("e1", "m1", EditKind.Tag, "+送礼", 10, Fate.Superseded("罗行", now.minusSeconds(300), "-送礼")),
        edit("e2", "m3", EditKind.Note, "约了周六下午试大衣", 20, Fate.Refused(Refusal.NotYourMember)),
        edit("e3", "m3", EditKind.Choice, "=80后", 3, Fate.Waiting),
        edit("e4", "m8", EditKind.Enrolment, "马平涛", 6, Fate.Waiting),
        edit("e5", "m1", EditKind.Note, "女儿明年上小学，想买双肩包。喜欢蓝色 💙", 120, Fate.Applied),
        edit("e6", "m2", EditKind.FollowUpDone, "+", 200, Fate.Applied),
        edit("e7", "m4", EditKind.Tag, "-沉睡", 400, Fate.Redirected("m4", null)),
    )

    private fun edit(id: String, member: String, kind: EditKind, what: String, minutesAgo: Long, fate: Fate) =
        Edit(id, member, kind, what, now.minusSeconds(minutesAgo * 60), fate, undoable = fate == Fate.Waiting || fate == Fate.Applied)
}
