package guidebook.ui.book

import guidebook.core.BookChange
import guidebook.core.CodeView
import guidebook.core.EditFate
import guidebook.core.EditRow
import guidebook.core.FollowUpRow
import guidebook.core.GuideView
import guidebook.core.GuidebookException
import guidebook.core.InvalidReason
import guidebook.core.LimitsView
import guidebook.core.MemberField
import guidebook.core.MemberGender
import guidebook.core.MemberView
import guidebook.core.MembershipRow
import guidebook.core.NoteRow
import guidebook.core.PurchaseRow
import guidebook.core.RefusedReason
import guidebook.core.SyncStateView
import guidebook.core.TagGroupView
import guidebook.core.WalkinRequest
import java.time.Instant
import java.time.LocalDate
import java.time.MonthDay
import java.time.YearMonth

// The core's words in the screens' own, and back: days become LocalDate, times Instant, unsigned numbers Int.

private fun instant(ms: ULong) = Instant.ofEpochMilli(ms.toLong())

private fun day(text: String) = LocalDate.parse(text)

/** `YYYY-MM-DD` or `--MM-DD`. */
internal fun birthdayOf(text: String) = Birthday(MonthDay.parse("--" + text.takeLast(5)), text.take(4).toIntOrNull())

internal fun guidebook.core.BookState.ours() = when (this) {
    guidebook.core.BookState.EMPTY -> BookState.Empty
    guidebook.core.BookState.LOCKED -> BookState.Locked
    guidebook.core.BookState.UNENROLLED -> BookState.Unenrolled
    guidebook.core.BookState.OPEN -> BookState.Open
    guidebook.core.BookState.HIDDEN -> BookState.Hidden
}

internal fun GuideView.ours() = Guide(id, name, store, brand, device)

internal fun ListRequest.theirs() = guidebook.core.ListRequest(
    text,
    tags,
    when (order) {
        MemberOrder.Recent -> guidebook.core.MemberOrder.RECENT
        MemberOrder.Name -> guidebook.core.MemberOrder.NAME
        MemberOrder.Spend -> guidebook.core.MemberOrder.SPEND
    },
    offset.toUInt(),
    limit.toUInt(),
    birthdayWithinDays?.toUInt(),
    followUpDue,
)

internal fun guidebook.core.MemberPage.ours() = MemberPage(rows.map { it.ours() }, total.toInt())

internal fun guidebook.core.MemberRow.ours() = MemberRow(
    id = id,
    name = name,
    remarkName = remarkName,
    maskedPhone = maskedPhone,
    level = level,
    tags = tags,
    spendFen = spendFen,
    lastPurchase = lastPurchase?.let(::day),
    waiting = waiting.toInt(),
    daysToBirthday = daysToBirthday?.toInt(),
    nextFollowUp = nextFollowUp?.let(::day),
    indexLetter = indexLetter,
    matches = matches.map { Match(it.field.ours(), it.start.toInt(), it.length.toInt()) },
)

private fun guidebook.core.MatchField.ours() = when (this) {
    guidebook.core.MatchField.NAME -> MatchField.Name
    guidebook.core.MatchField.REMARK_NAME -> MatchField.RemarkName
    guidebook.core.MatchField.PHONE -> MatchField.Phone
}

internal fun MemberView.ours() = Member(
    row = row.ours(),
    birthday = birthday?.let(::birthdayOf),
    joined = joined?.let(::day),
    points = points,
    store = storeName ?: store,
    brands = memberships.map(MembershipRow::ours),
    marketing = marketingConsent,
    orders = orders.toInt(),
    purchases = purchases.map(PurchaseRow::ours),
    notes = notes.map(NoteRow::ours),
    followUps = followUps.map(FollowUpRow::ours),
    fields = fields.associate { it.field.ours() to it.value },
    spendByMonth = spendByMonth.map { MonthSpend(YearMonth.parse(it.month), it.spendFen) },
    cadenceDays = cadenceDays?.toInt(),
    usualReturn = usualReturn?.let(::day),
    replenishments = replenishments.map { Replenishment(it.product, day(it.due)) },
)

internal fun MembershipRow.ours() = Brand(id, name)

internal fun CodeView.ours(): Code = when (this) {
    is CodeView.Enrolment -> Code.Enrolment(code, server)
    is CodeView.Phone -> Code.Phone(phone, member)
    is CodeView.Member -> Code.OfMember(member)
    CodeView.Unknown -> Code.Unknown
}

internal fun LimitsView.ours() = Limits(
    note = note.toInt(),
    tagName = tagName.toInt(),
    remarkName = remarkName.toInt(),
    preferences = preferences.toInt(),
    size = size.toInt(),
    tagsPerMember = tagsPerMember.toInt(),
)

internal fun RevealReason.theirs() = when (this) {
    RevealReason.Call -> guidebook.core.RevealReason.CALL
    RevealReason.Message -> guidebook.core.RevealReason.MESSAGE
    RevealReason.Delivery -> guidebook.core.RevealReason.DELIVERY
    RevealReason.Other -> guidebook.core.RevealReason.OTHER
}

private fun PurchaseRow.ours() = Purchase(day(day), product, quantity.toInt(), paidFen)

private fun NoteRow.ours() = Note(id, text, guide, instant(atMs))

private fun FollowUpRow.ours() = FollowUp(id, text, day(due), done, guide)

internal fun TagGroupView.ours() = TagGroup(id, name, singleChoice, editable, tags.map { Tag(it.id, it.name) })

internal fun EditRow.ours() = Edit(id, member, kind.ours(), what, instant(atMs), fate.ours(), undoable)

private fun guidebook.core.EditKind.ours() = when (this) {
    guidebook.core.EditKind.TAG -> EditKind.Tag
    guidebook.core.EditKind.CHOICE -> EditKind.Choice
    guidebook.core.EditKind.NOTE -> EditKind.Note
    guidebook.core.EditKind.NOTE_WITHDRAWAL -> EditKind.NoteWithdrawal
    guidebook.core.EditKind.FOLLOW_UP -> EditKind.FollowUp
    guidebook.core.EditKind.FOLLOW_UP_DONE -> EditKind.FollowUpDone
    guidebook.core.EditKind.FIELD -> EditKind.Field
    guidebook.core.EditKind.ENROLMENT -> EditKind.Enrolment
    guidebook.core.EditKind.PERSONAL_TAG -> EditKind.PersonalTag
    guidebook.core.EditKind.REVEAL -> EditKind.Reveal
    guidebook.core.EditKind.COUPON -> EditKind.Coupon
    guidebook.core.EditKind.COUPON_VOID -> EditKind.CouponVoid
    guidebook.core.EditKind.SURRENDER -> EditKind.Surrender
}

private fun EditFate.ours(): Fate = when (this) {
    EditFate.Waiting -> Fate.Waiting
    EditFate.Applied -> Fate.Applied
    is EditFate.Superseded -> Fate.Superseded(guide, instant(atMs), with)
    is EditFate.Redirected -> Fate.Redirected(member, tag)
    is EditFate.Refused -> Fate.Refused(reason.ours())
}

private fun RefusedReason.ours(): Refusal = when (this) {
    RefusedReason.NotYourMember -> Refusal.NotYourMember
    is RefusedReason.TagDeleted -> Refusal.TagDeleted
    is RefusedReason.Invalid -> Refusal.Rule(Problem.Invalid(field, reason.ours()))
    RefusedReason.NotYours -> Refusal.NotYours
    is RefusedReason.Coupon -> Refusal.Coupon(reason.ours())
    RefusedReason.NotUnderstood -> Refusal.NotUnderstood
}

internal fun SyncStateView.ours() =
    SyncState(waiting.toInt(), refused.toInt(), lastContactMs?.let(::instant), running, retrying)

internal fun BookChange.ours(): Change = when (this) {
    is BookChange.Members -> Change.Members(members)
    BookChange.Dictionary -> Change.Dictionary
    BookChange.Coupons -> Change.Coupons
    BookChange.SyncState -> Change.SyncState
    BookChange.Book -> Change.Book
}

internal fun Field.theirs() = when (this) {
    Field.RemarkName -> MemberField.REMARK_NAME
    Field.Preferences -> MemberField.PREFERENCES
    Field.SizeTop -> MemberField.SIZE_TOP
    Field.SizeBottom -> MemberField.SIZE_BOTTOM
    Field.SizeShoe -> MemberField.SIZE_SHOE
    Field.SizeRing -> MemberField.SIZE_RING
}

private fun MemberField.ours() = when (this) {
    MemberField.REMARK_NAME -> Field.RemarkName
    MemberField.PREFERENCES -> Field.Preferences
    MemberField.SIZE_TOP -> Field.SizeTop
    MemberField.SIZE_BOTTOM -> Field.SizeBottom
    MemberField.SIZE_SHOE -> Field.SizeShoe
    MemberField.SIZE_RING -> Field.SizeRing
}

internal fun Walkin.theirs() = WalkinRequest(
    name,
    phone,
    when (gender) {
        Gender.Female -> MemberGender.FEMALE
        Gender.Male -> MemberGender.MALE
        null -> null
    },
    birthday,
    membership,
    marketing,
    brands,
)

internal fun GuidebookException.ours(): Problem = when (this) {
    is GuidebookException.Offline -> Problem.Offline
    is GuidebookException.SignedOut -> Problem.SignedOut
    is GuidebookException.Locked -> Problem.Locked
    is GuidebookException.WrongKey -> Problem.WrongKey
    is GuidebookException.NotFound -> Problem.NotFound
    is GuidebookException.Invalid -> Problem.Invalid(field, reason.ours())
    is GuidebookException.AlreadyMember -> Problem.AlreadyMember(member)
    is GuidebookException.StorageFull -> Problem.StorageFull
    is GuidebookException.StorageFault -> Problem.StorageFault
    is GuidebookException.UpgradeNeeded -> Problem.UpgradeNeeded
    is GuidebookException.Busy -> Problem.Busy(comeBackS.toInt())
    is GuidebookException.Wiped -> Problem.Wiped
}

private fun InvalidReason.ours(): Reason = when (this) {
    InvalidReason.Empty -> Reason.Empty
    is InvalidReason.TooLong -> Reason.TooLong(limit.toInt())
    is InvalidReason.TooMany -> Reason.TooMany(limit.toInt())
    InvalidReason.Unknown -> Reason.Unknown
    InvalidReason.HqOnly -> Reason.HqOnly
    InvalidReason.OutOfScope -> Reason.OutOfScope
    InvalidReason.WrongKind -> Reason.WrongKind
    is InvalidReason.Sensitive -> Reason.Sensitive(topic.ours())
    InvalidReason.Malformed -> Reason.Malformed
    InvalidReason.NoConsent -> Reason.NoConsent
    InvalidReason.NoChange -> Reason.NoChange
    InvalidReason.NotUndoable -> Reason.NotUndoable
    is InvalidReason.NotIssuable -> Reason.NotIssuable(problem.ours())
    InvalidReason.Refused -> Reason.Refused
}

private fun guidebook.core.Topic.ours() = when (this) {
    guidebook.core.Topic.HEALTH -> Topic.Health
    guidebook.core.Topic.RELIGION -> Topic.Religion
    guidebook.core.Topic.MINORS -> Topic.Minors
}
