package guidebook.ui.fake

import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.BookState
import guidebook.ui.book.Brand
import guidebook.ui.book.Change
import guidebook.ui.book.Code
import guidebook.ui.book.CouponCard
import guidebook.ui.book.CouponRow
import guidebook.ui.book.CouponState
import guidebook.ui.book.Edit
import guidebook.ui.book.EditKind
import guidebook.ui.book.Fate
import guidebook.ui.book.Field
import guidebook.ui.book.FollowUp
import guidebook.ui.book.Guide
import guidebook.ui.book.GuideOnPhone
import guidebook.ui.book.IssueBar
import guidebook.ui.book.ListRequest
import guidebook.ui.book.Member
import guidebook.ui.book.MemberPage
import guidebook.ui.book.MemberRow
import guidebook.ui.book.Note
import guidebook.ui.book.Problem
import guidebook.ui.book.RevealReason
import guidebook.ui.book.SyncState
import guidebook.ui.book.Tag
import guidebook.ui.book.TagGroup
import guidebook.ui.book.Walkin
import kotlinx.coroutines.flow.MutableSharedFlow
import java.time.LocalDate

/** A book in memory, for tests and pictures. It has no rules: those are the core's. [failing] makes every call fail. */
class FakeBook(rows: List<MemberRow> = Samples.rows) : Book {
    override val changes = MutableSharedFlow<Change>(extraBufferCapacity = 64)

    var state = BookState.Open
    var failing: Problem? = null
    var sync: SyncState = Samples.synced
    var groups = Samples.groups
    val members = LinkedHashMap<String, Member>().apply { rows.forEach { put(it.id, Samples.member(it)) } }
    val edits = ArrayList<Edit>()
    val revealed = ArrayList<Pair<String, RevealReason>>()
    val guides = mutableListOf(GuideOnPhone("b1", "李娜晴", true), GuideOnPhone("b2", "罗行", false))
    private val before = HashMap<String, Member>()

    private fun <T> answer(value: () -> T): T = failing?.let { throw BookException(it) } ?: value()

    override suspend fun state() = answer { state }

    override suspend fun unlock() = answer { become(BookState.Open) }

    override suspend fun lock() = answer { become(BookState.Locked) }

    override suspend fun wipe() = answer { become(BookState.Empty) }

    override suspend fun enrol(server: String, code: String, deviceName: String) = answer {
        become(BookState.Open)
        Samples.guide
    }

    fun become(next: BookState) {
        state = next
        changes.tryEmit(Change.Book)
    }

    override suspend fun guide(): Guide = answer {
        val current = guides.first { it.current }
        if (current.book == "b1") Samples.guide else Guide("G0003", current.name.orEmpty(), "S02", null)
    }

    override suspend fun guidesOnThisPhone() = answer { guides.toList() }

    override suspend fun switchTo(book: String) = answer {
        guides.replaceAll { it.copy(current = it.book == book) }
        become(BookState.Open)
    }

    override suspend fun beginAnother() = answer { become(BookState.Empty) }

    override suspend fun list(request: ListRequest) = answer {
        val found = members.values.map { it.row }.filter { request.text in it.name + it.maskedPhone + it.remarkName }
            .filter { request.birthdayWithinDays == null || (it.daysToBirthday ?: 366) <= request.birthdayWithinDays!! }
            .filter { !request.followUpDue || it.nextFollowUp != null }
            .filter { row -> Regex("[tp]\\d?-\\d+").findAll(request.tags).all { it.value in row.tags } }
        MemberPage(found.drop(request.offset).take(request.limit), found.size)
    }

    override suspend fun member(id: String) = answer { members[id] ?: throw BookException(Problem.NotFound) }

    override suspend fun memberByPhone(phone: String) =
        answer { members.values.map { it.row }.firstOrNull { it.maskedPhone.takeLast(4) == phone.takeLast(4) } }

    override suspend fun readCode(text: String) = answer { if (text.length == 9) Code.Enrolment(text, null) else Code.Unknown }

    override suspend fun tagGroups() = answer { groups }

    override suspend fun brands() = answer { listOf(Samples.brand, Brand("B11", "雅集珠宝")) }

    override suspend fun limits() = Samples.limits

    override suspend fun edits(member: String?, offset: Int, limit: Int) = answer {
        edits.filter { member == null || it.member == member }.drop(offset).take(limit)
    }

    override suspend fun edit(id: String) = answer { edits.firstOrNull { it.id == id } ?: throw BookException(Problem.NotFound) }

    override suspend fun syncState() = answer { sync }

    var live = false

    override suspend fun setLive(on: Boolean) = answer { live = on }

    override suspend fun syncNow() = answer {
        edits.replaceAll { if (it.fate == Fate.Waiting) it.copy(fate = Fate.Applied) else it }
        sync = sync.copy(waiting = 0)
        changes.tryEmit(Change.SyncState)
        null as Int?
    }

    override suspend fun setTag(member: String, tag: String, on: Boolean): String {
        val group = groups.first { group -> group.tags.any { it.id == tag } }
        val name = group.tags.first { it.id == tag }.name
        return change(member, EditKind.Tag, (if (on) "+" else "-") + name) { her ->
            val rest = if (group.singleChoice) her.row.tags - group.tags.map { it.id }.toSet() else her.row.tags - tag
            her.copy(row = her.row.copy(tags = if (on) rest + tag else rest))
        }
    }

    override suspend fun writeNote(member: String, text: String) = change(member, EditKind.Note, text) {
        it.copy(notes = listOf(Note("n${edits.size}", text, Samples.guide.name, Samples.now)) + it.notes)
    }

    override suspend fun addFollowUp(member: String, text: String, due: LocalDate) = change(member, EditKind.FollowUp, "$due $text") {
        it.copy(followUps = it.followUps + FollowUp("f${edits.size}x", text, due, false, Samples.guide.name))
    }

    override suspend fun setFollowUpDone(member: String, followUp: String, done: Boolean) =
        change(member, EditKind.FollowUpDone, if (done) "+" else "-") { her ->
            her.copy(followUps = her.followUps.map { if (it.id == followUp) it.copy(done = done) else it })
        }

    override suspend fun setField(member: String, field: Field, value: String) =
        change(member, EditKind.Field, value) { it.copy(fields = it.fields + (field to value)) }

    override suspend fun enrolWalkin(walkin: Walkin): String {
        val id = "w${members.size}"
        members[id] = Member(MemberRow(id, walkin.name, maskedPhone = walkin.phone.take(3) + "****" + walkin.phone.takeLast(4)))
        change(id, EditKind.Enrolment, walkin.name) { it }
        return id
    }

    override suspend fun makePersonalTag(name: String): String {
        val tag = Tag("p-${System.nanoTime()}", name)
        groups = groups.map { if (it.id == TagGroup.PERSONAL) it.copy(tags = it.tags + tag) else it }
        changes.tryEmit(Change.Dictionary)
        return tag.id
    }

    override suspend fun undo(edit: String) = answer {
        val member = before.getValue(edit)
        members[member.row.id] = member
        said(member.row.id)
        "undo-$edit"
    }

    override suspend fun applyAgain(edit: String): String {
        val lost = edit(edit)
        return change(lost.member!!, lost.kind, lost.what) { it }
    }

    var campaigns = SampleCoupons.campaigns
    val coupons = ArrayList(SampleCoupons.rows)

    override suspend fun campaigns() = answer { campaigns }

    override suspend fun checkCoupon(member: String, campaign: String, value: Long) = answer {
        campaigns.first { it.id == campaign }.let { of -> of.bar ?: IssueBar.NoCodeLeft.takeIf { of.offers.first { it.value == value }.left == 0 } }
    }

    override suspend fun issueCoupon(member: String, campaign: String, value: Long): CouponCard {
        val offer = campaigns.first { it.id == campaign }.offers.first { it.value == value }
        val her = member(member).row
        val row = CouponRow(
            "k${coupons.size + 1}", member, her.name, campaigns.first { it.id == campaign }.name, offer.worth, Samples.now,
            Samples.today.plusDays(7), CouponState.Issued, waiting = true,
        )
        coupons.add(0, row)
        change(member, EditKind.Coupon, row.campaign) { it }
        changes.tryEmit(Change.Coupons)
        return SampleCoupons.card(row)
    }

    override suspend fun voidCoupon(coupon: String): String {
        become(coupon, CouponState.Void)
        return change(coupons.first { it.id == coupon }.member, EditKind.CouponVoid, coupon) { it }
    }

    override suspend fun handOverCoupon(coupon: String) = answer { become(coupon, CouponState.HandedOver) }

    private fun become(coupon: String, state: CouponState) {
        coupons.replaceAll { if (it.id == coupon) it.copy(state = state) else it }
        changes.tryEmit(Change.Coupons)
    }

    override suspend fun memberCoupons(member: String) = answer { coupons.filter { it.member == member }.map(SampleCoupons::ofMember) }

    override suspend fun coupons(offset: Int, limit: Int) = answer { coupons.drop(offset).take(limit) }

    override suspend fun coupon(id: String) =
        answer { SampleCoupons.card(coupons.firstOrNull { it.id == id } ?: throw BookException(Problem.NotFound)) }

    override suspend fun revealPhone(member: String, reason: RevealReason) = answer {
        revealed += member to reason
        members.getValue(member).row.maskedPhone.replace("****", "1234")
    }

    private fun change(member: String, kind: EditKind, what: String, how: (Member) -> Member): String = answer {
        val her = members[member] ?: throw BookException(Problem.NotFound)
        val id = "edit-${edits.size}"
        before[id] = her
        val next = how(her)
        members[member] = next.copy(row = next.row.copy(waiting = next.row.waiting + 1))
        edits.add(0, Edit(id, member, kind, what, Samples.now, Fate.Waiting, undoable = true))
        sync = sync.copy(waiting = sync.waiting + 1)
        said(member)
        id
    }

    private fun said(member: String) {
        changes.tryEmit(Change.Members(listOf(member)))
        changes.tryEmit(Change.SyncState)
    }
}
