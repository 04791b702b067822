package guidebook.ui.gallery

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.width
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.VerticalDivider
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.unit.dp
import guidebook.ui.app.Notice
import guidebook.ui.app.Notices
import guidebook.ui.app.PickOne
import guidebook.ui.app.Stage
import guidebook.ui.app.SyncStatus
import guidebook.ui.book.CouponState
import guidebook.ui.book.Gender
import guidebook.ui.book.GuideOnPhone
import guidebook.ui.book.IssueBar
import guidebook.ui.book.Match
import guidebook.ui.book.MatchField
import guidebook.ui.book.MemberOrder
import guidebook.ui.book.MemberRow
import guidebook.ui.book.Problem
import guidebook.ui.book.Reason
import guidebook.ui.book.Topic
import guidebook.ui.coupons.CardState
import guidebook.ui.coupons.Choice
import guidebook.ui.coupons.CouponDeeds
import guidebook.ui.coupons.CouponView
import guidebook.ui.coupons.CouponsState
import guidebook.ui.coupons.CouponsView
import guidebook.ui.coupons.IssueState
import guidebook.ui.coupons.IssueView
import guidebook.ui.door.DoorDeeds
import guidebook.ui.door.EnrolState
import guidebook.ui.door.EnrolView
import guidebook.ui.door.GuidesView
import guidebook.ui.door.UnlockView
import guidebook.ui.fake.FakeBook
import guidebook.ui.fake.SampleCoupons
import guidebook.ui.fake.Samples
import guidebook.ui.member.FieldsView
import guidebook.ui.member.FollowUpView
import guidebook.ui.member.MemberDeeds
import guidebook.ui.member.MemberState
import guidebook.ui.member.MemberView
import guidebook.ui.member.NoteView
import guidebook.ui.member.RevealState
import guidebook.ui.member.RevealView
import guidebook.ui.member.TagsState
import guidebook.ui.member.TagsView
import guidebook.ui.member.Writing
import guidebook.ui.members.Filter
import guidebook.ui.members.FilterView
import guidebook.ui.members.Found
import guidebook.ui.members.MembersDeeds
import guidebook.ui.members.MembersState
import guidebook.ui.members.MembersView
import guidebook.ui.members.Wish
import guidebook.ui.parts.NoticeBar
import guidebook.ui.settings.AboutView
import guidebook.ui.settings.Liking
import guidebook.ui.settings.SettingsDeeds
import guidebook.ui.settings.SettingsView
import guidebook.ui.sync.EditDeeds
import guidebook.ui.sync.EditLine
import guidebook.ui.sync.EditView
import guidebook.ui.sync.SyncListState
import guidebook.ui.sync.SyncView
import guidebook.ui.walkin.WalkinDeeds
import guidebook.ui.walkin.WalkinState
import guidebook.ui.walkin.WalkinView
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers

/** One screen in one state. In [long] ones names are too long on purpose, and may end in an ellipsis; [tall] ones are shown to their end. */
class Scene(val name: String, val long: Boolean = false, val tall: Boolean = false, val content: @Composable (wide: Boolean) -> Unit)

private val synced = SyncStatus(Samples.synced, 0)
private val pending = SyncStatus(Samples.synced.copy(waiting = 3), 0)
private val offline = SyncStatus(Samples.synced.copy(waiting = 3, retrying = true), 0)
private val lost = SyncStatus(Samples.synced.copy(waiting = 2, refused = 1), 1)
private val running = SyncStatus(Samples.synced.copy(waiting = 2, running = true), 0)

private val listDeeds = MembersDeeds({}, {}, {}, {}, {}, {}, {}, {}, {})
private val memberDeeds = MemberDeeds({}, {}, { _, _ -> })
private val writing = Writing("查美", Samples.member().fields, Samples.limits)
private val doorDeeds = DoorDeeds({}, {}, {})

private fun listed(rows: List<MemberRow> = Samples.rows, wish: Wish = Wish(), total: Int = rows.size) =
    MembersState(wish, if (total == 0) Found.Nobody else Found.Rows(total, mapOf(0 to rows)), Samples.groups)

@Composable
private fun List(state: MembersState = listed(), status: SyncStatus? = synced, shownId: String? = null) =
    MembersView(state, status, Samples.now, Samples.today, remember { FocusRequester() }, shownId, listDeeds)

/** The list; in a wide window nobody is chosen beside it. */
@Composable
private fun Alone(wide: Boolean, list: @Composable () -> Unit) {
    Row(Modifier.fillMaxSize()) {
        Box(if (wide) Modifier.width(400.dp).fillMaxHeight() else Modifier.weight(1f)) { list() }
        if (wide) {
            VerticalDivider(color = MaterialTheme.colorScheme.outlineVariant)
            Box(Modifier.weight(1f)) { PickOne() }
        }
    }
}

/** In a wide window the list stays on the left. */
@Composable
private fun Beside(wide: Boolean, shownId: String? = null, detail: @Composable ((() -> Unit)?) -> Unit) {
    Row(Modifier.fillMaxSize()) {
        if (wide) {
            Box(Modifier.width(400.dp).fillMaxHeight()) { List(shownId = shownId) }
            VerticalDivider(color = MaterialTheme.colorScheme.outlineVariant)
        }
        Box(Modifier.weight(1f)) { detail(if (wide) null else ({})) }
    }
}

@Composable
private fun Over(wide: Boolean, sheet: @Composable () -> Unit) {
    Beside(wide, "m1") { MemberView(MemberState.Shown(Samples.member(), Samples.groups), Samples.now, Samples.today, memberDeeds, it) }
    sheet()
}

private fun searched() = listed(
    listOf(
        Samples.rows[0].copy(matches = listOf(Match(MatchField.Name, 0, 2))),
        Samples.rows[1].copy(matches = listOf(Match(MatchField.Name, 0, 2))),
        Samples.rows[3].copy(matches = listOf(Match(MatchField.Phone, 7, 4))),
    ),
    Wish("zm"),
)

private fun shownMember(wide: Boolean, state: MemberState): @Composable () -> Unit =
    { Beside(wide, "m1") { MemberView(state, Samples.now, Samples.today, memberDeeds, it) } }

private fun lines() = Samples.edits.map { EditLine(it, Samples.rows.first { row -> row.id == it.member }.name) }

private fun syncList() = lines().let { SyncListState.Shown(it.take(2), it.subList(2, 4), it.drop(4)) }

/** Every screen and every state that it has. */
val scenes: List<Scene> = listOf(
    Scene("members") { wide ->
        if (wide) Beside(true, "m1") {
            MemberView(MemberState.Shown(Samples.member(), Samples.groups), Samples.now, Samples.today, memberDeeds, it)
        } else List()
    },
    Scene("members-search") { Alone(it) { List(searched()) } },
    Scene("members-cursor") { Alone(it) { List(searched().copy(cursor = 0)) } },
    Scene("members-pending") { Alone(it) { List(status = pending) } },
    Scene("members-offline") { Alone(it) { List(status = offline) } },
    Scene("members-attention") { Alone(it) { List(status = lost) } },
    Scene("members-by-name") { Alone(it) { List(listed(Samples.rows.sortedBy { it.indexLetter }, Wish(order = MemberOrder.Name), 480)) } },
    Scene("members-by-spend") { Alone(it) { List(listed(Samples.rows.sortedByDescending { it.spendFen }, Wish(order = MemberOrder.Spend))) } },
    Scene("members-filtered") { Alone(it) { List(listed(Samples.rows.take(2), Wish(filter = Filter(setOf("p-0"), birthdayThisWeek = true)))) } },
    Scene("members-loading") { Alone(it) { List(MembersState(), null) } },
    Scene("members-coming") { Alone(it) { List(listed(Samples.rows.take(3), total = 9_000)) } },
    Scene("members-empty") { Alone(it) { List(listed(emptyList())) } },
    Scene("members-no-match") { Alone(it) { List(listed(emptyList(), Wish("xyz"))) } },
    Scene("members-no-filter-match") { Alone(it) { List(listed(emptyList(), Wish(filter = Filter(followUpDue = true)))) } },
    Scene("members-fault") { Alone(it) { List(MembersState(found = Found.Failed(Problem.StorageFault))) } },
    Scene("members-long-names", long = true) { Alone(it) { List(listed(List(9) { Samples.longRow.copy(id = "l$it") })) } },
    Scene("filter") { wide ->
        Alone(wide) { List() }
        FilterView(Filter(), Samples.groups, 486, {}, {})
    },
    Scene("filter-set") { wide ->
        Alone(wide) { List() }
        FilterView(Filter(setOf("t1-2", "t1-3", "p-0"), setOf("t3-2"), birthdayThisWeek = true), Samples.groups, 3, {}, {})
    },
    Scene("member") { shownMember(it, MemberState.Shown(Samples.member(), Samples.groups))() },
    Scene("member-whole", tall = true) {
        shownMember(it, MemberState.Shown(Samples.member(), Samples.groups, SampleCoupons.rows.take(3).map(SampleCoupons::ofMember)))()
    },
    Scene("member-bare") { shownMember(it, MemberState.Shown(Samples.bareMember(), Samples.groups))() },
    Scene("member-long", long = true) { shownMember(it, MemberState.Shown(Samples.member(Samples.longRow), Samples.groups))() },
    Scene("member-gone") { shownMember(it, MemberState.Gone)() },
    Scene("tags") { wide ->
        Over(wide) { TagsView(TagsState.Shown("查美", Samples.groups, setOf("t1-2", "t3-0", "p-0", "t2-1"), Samples.limits), { _, _ -> }, { _, _ -> }, {}) }
    },
    Scene("tags-undo") { wide ->
        Over(wide) { TagsView(TagsState.Shown("查美", Samples.groups, setOf("t1-2", "t3-0", "p-0"), Samples.limits), { _, _ -> }, { _, _ -> }, {}) }
        val notices = remember { Notices(FakeBook(), CoroutineScope(Dispatchers.Unconfined)) }
        Box(Modifier.fillMaxSize()) { NoticeBar(remember { Notice({ it.tagOn("送礼") }) {} }, notices, Modifier.align(Alignment.BottomCenter)) }
    },
    Scene("note") { wide -> Over(wide) { NoteView(writing, {}, {}) } },
    Scene("follow-up") { wide -> Over(wide) { FollowUpView(writing, Samples.today, { _, _ -> }, {}) } },
    Scene("fields") { wide -> Over(wide) { FieldsView(writing, {}, {}) } },
    Scene("reveal") { wide -> Over(wide) { RevealView(RevealState.Asking, {}, {}, {}) } },
    Scene("reveal-number") { wide -> Over(wide) { RevealView(RevealState.Number("17797433564"), {}, {}, {}) } },
    Scene("member-coupons") {
        val her = Samples.member().copy(followUps = emptyList())
        shownMember(it, MemberState.Shown(her, Samples.groups, SampleCoupons.rows.take(3).map(SampleCoupons::ofMember)))()
    },
    Scene("coupons") { wide -> Beside(wide) { CouponsView(couponsShown, Samples.today, {}, {}, it) } },
    Scene("coupons-empty") { wide ->
        Beside(wide) { CouponsView(CouponsState.Shown(emptyList(), emptyList(), false), Samples.today, {}, {}, it) }
    },
    Scene("issue") { wide -> Over(wide) { IssueView(issuing, Samples.today, {}, {}, {}, {}) } },
    Scene("issue-chosen") { wide -> Over(wide) { IssueView(issuing.copy(campaign = "c1", value = 10_000), Samples.today, {}, {}, {}, {}) } },
    Scene("issue-none") { wide ->
        val none = issuing.choices.map { Choice(it.campaign, it.bar ?: IssueBar.ClockSetBack) }
        Over(wide) { IssueView(issuing.copy(choices = none), Samples.today, {}, {}, {}, {}) }
    },
    Scene("coupon") { wide -> Beside(wide) { CouponView(CardState.Shown(SampleCoupons.card(SampleCoupons.rows[0])), couponDeeds, it) } },
    Scene("coupon-gift") { wide ->
        val gift = SampleCoupons.card(SampleCoupons.rows[3].copy(state = CouponState.HandedOver)).copy(stores = emptyList())
        Beside(wide) { CouponView(CardState.Shown(gift), couponDeeds, it) }
    },
    Scene("coupon-used") { wide -> Beside(wide) { CouponView(CardState.Shown(SampleCoupons.card(SampleCoupons.rows[2])), couponDeeds, it) } },
    Scene("coupon-gone") { wide -> Beside(wide) { CouponView(CardState.Gone, couponDeeds, it) } },
    Scene("walkin") { wide -> Beside(wide) { WalkinView(WalkinState(ofBrand = Samples.brand), WalkinDeeds({}, {}, {}, {}), it) } },
    Scene("walkin-filled") { wide -> Beside(wide) { WalkinView(filled, WalkinDeeds({}, {}, {}, {}), it) } },
    Scene("walkin-known") { wide -> Beside(wide) { WalkinView(filled.copy(known = Samples.rows[0]), WalkinDeeds({}, null, {}, {}), it) } },
    Scene("walkin-refused") { wide ->
        Beside(wide) { WalkinView(filled.copy(problem = Problem.Invalid("name", Reason.Sensitive(Topic.Health))), WalkinDeeds({}, {}, {}, {}), it) }
    },
    Scene("sync") { wide -> Beside(wide) { SyncView(syncList(), lost, Samples.now, {}, {}, it) } },
    Scene("sync-offline") { wide -> Beside(wide) { SyncView(syncList(), offline, Samples.now, {}, {}, it) } },
    Scene("sync-running") { wide -> Beside(wide) { SyncView(syncList(), running, Samples.now, {}, {}, it) } },
    Scene("sync-nothing") { wide -> Beside(wide) { SyncView(SyncListState.Shown(emptyList(), emptyList(), emptyList()), synced, Samples.now, {}, {}, it) } },
    Scene("edit-lost") { wide -> Beside(wide) { EditView(lines()[0], Samples.now, EditDeeds({}, {}, {}), it) } },
    Scene("edit-refused") { wide -> Beside(wide) { EditView(lines()[1], Samples.now, EditDeeds({}, {}, {}), it) } },
    Scene("edit-waiting") { wide -> Beside(wide) { EditView(lines()[2], Samples.now, EditDeeds({}, {}, {}), it) } },
    Scene("enrol") { EnrolView(EnrolState(), {}, {}, {}) },
    Scene("enrol-offline") { EnrolView(EnrolState("https://hq.example.cn", "7KQ4-M2XP", problem = Problem.Offline), {}, {}, {}) },
    Scene("enrol-fetching") { EnrolView(EnrolState("https://hq.example.cn", "7KQ4-M2XP", busy = true, fetching = true), {}, null, {}) },
    Scene("unlock") { UnlockView(Stage.Locked, null, doorDeeds) },
    Scene("unlock-opening") { UnlockView(Stage.Opening, null, doorDeeds) },
    Scene("unlock-locked-out") { UnlockView(Stage.LockedOut, null, doorDeeds) },
    Scene("unlock-wrong-key") { UnlockView(Stage.WrongKey, null, doorDeeds) },
    Scene("unlock-wiped") { UnlockView(Stage.Wiped, null, doorDeeds) },
    Scene("unlock-hidden") { UnlockView(Stage.Hidden(3), offline, doorDeeds) },
    Scene("unlock-fault") { UnlockView(Stage.Fault(Problem.StorageFull), null, doorDeeds) },
    Scene("settings") { wide -> Beside(wide) { SettingsView(Liking(), SettingsDeeds({}, {}, {}, {}, {}), it) } },
    Scene("guides") { wide ->
        Beside(wide) { GuidesView(listOf(GuideOnPhone("a", "李娜晴", true), GuideOnPhone("b", "罗行", false), GuideOnPhone("c", null, false)), {}, {}, it) }
    },
    Scene("about") { wide -> Beside(wide) { AboutView("0.1.0", it) } },
)

private val couponDeeds = CouponDeeds({}, {}, {})
private val couponsShown = CouponsState.Shown(SampleCoupons.campaigns, SampleCoupons.rows, false)

private val issuing = IssueState.Shown("查美", SampleCoupons.campaigns.map { Choice(it, it.bar) })

private val filled = WalkinState(
    name = "赵一鸣",
    phone = "13912340001",
    gender = Gender.Female,
    birthday = "0329",
    mall = true,
    brand = true,
    ofBrand = Samples.brand,
)
