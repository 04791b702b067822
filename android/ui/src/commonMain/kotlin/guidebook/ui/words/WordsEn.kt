package guidebook.ui.words

import guidebook.ui.book.EditKind
import guidebook.ui.book.Field
import guidebook.ui.book.MemberOrder
import guidebook.ui.book.Problem
import guidebook.ui.book.Reason
import guidebook.ui.book.Refusal
import guidebook.ui.book.RevealReason
import guidebook.ui.book.Topic
import java.time.Duration
import java.time.Instant
import java.time.LocalDate
import java.time.Month
import java.time.YearMonth
import java.time.ZoneId
import java.time.format.TextStyle
import java.time.temporal.ChronoUnit
import java.util.Locale

/** English */
object WordsEn : Words, CouponWords by CouponWordsEn {
    override val locale = "en"
    override val back = "Back"
    override val close = "Close"
    override val cancel = "Cancel"
    override val save = "Save"
    override val undo = "Undo"
    override val undone = "Undone"
    override val retry = "Try again"
    override val loading = "Loading…"
    override val optional = "Optional"

    override fun money(fen: Long) = "¥" + Figures.exact(fen)

    override fun moneyShort(fen: Long): String {
        val yuan = fen / 100
        return when {
            yuan >= 1_000_000 -> "¥" + Figures.oneDecimal(yuan / 1_000_000.0) + "M"
            yuan >= 10_000 -> "¥" + Figures.oneDecimal(yuan / 1_000.0) + "k"
            else -> "¥" + Figures.grouped(yuan)
        }
    }

    override fun day(day: LocalDate, today: LocalDate) = when (ChronoUnit.DAYS.between(today, day)) {
        0L -> "today"
        1L -> "tomorrow"
        -1L -> "yesterday"
        else -> "${day.dayOfMonth}\u00A0${short(day.month)}" + if (day.year == today.year) "" else " ${day.year}"
    }

    internal fun short(month: Month) = month.getDisplayName(TextStyle.SHORT, Locale.ENGLISH)

    override fun daysAgo(days: Long) = when {
        days <= 0 -> "today"
        days == 1L -> "yesterday"
        days < 60 -> "${days}d ago"
        days < 365 -> "${days / 30}mo ago"
        else -> "${days / 365}y ago"
    }

    override fun monthShort(month: YearMonth) = short(month.month)

    override fun at(at: Instant, now: Instant) = when {
        ago(at, now) < Duration.ofMinutes(1) -> "just now"
        ago(at, now) < Duration.ofHours(1) -> "${ago(at, now).toMinutes()} min ago"
        ago(at, now) < Duration.ofHours(24) -> "${ago(at, now).toHours()} h ago"
        else -> day(at.atZone(ZoneId.systemDefault()).toLocalDate(), now.atZone(ZoneId.systemDefault()).toLocalDate())
    }

    override fun problem(problem: Problem) = when (problem) {
        Problem.Offline -> "No network. Your edits are safe on this phone and go out by themselves"
        Problem.SignedOut -> "The server does not know this phone any more. Ask headquarters for a new code; what was not sent is still here."
        Problem.Locked -> "The book is locked"
        Problem.WrongKey -> "The key does not fit. Nothing was changed"
        Problem.NotFound -> "Not found. She may be with a colleague by now"
        is Problem.Invalid -> invalid(problem)
        is Problem.AlreadyMember -> "This number is already a member"
        Problem.StorageFull -> "The phone is full. Nothing was saved; make room and try again"
        Problem.StorageFault -> "Reading or writing failed, and nothing was changed; try again"
        Problem.UpgradeNeeded -> "This version is too old. Please update"
        is Problem.Busy -> "Headquarters is busy. Trying again in ${problem.comeBackSeconds} s"
        Problem.Wiped -> "The book on this phone was erased"
    }

    private fun invalid(problem: Problem.Invalid) = fieldOf(problem.field).let { field ->
        when (val reason = problem.reason) {
            Reason.Empty -> "$field is empty"
            is Reason.TooLong -> "$field: at most ${reason.limit} characters"
            is Reason.TooMany -> "$field: at most ${reason.limit}"
            Reason.Unknown -> "$field no longer exists"
            Reason.HqOnly -> "Only headquarters sets this tag"
            Reason.OutOfScope -> "This tag belongs to another brand or store"
            Reason.WrongKind -> "$field does not fit here"
            is Reason.Sensitive -> "${topic(reason.topic)} must not be recorded: the law protects it"
            Reason.Malformed -> "$field is not well formed"
            Reason.NoConsent -> "She has to agree first"
            Reason.NoChange -> "Nothing to change"
            Reason.NotUndoable -> "This can't be undone any more"
            is Reason.NotIssuable -> bar(reason.bar, LocalDate.now())
            Reason.Refused -> "Headquarters did not accept: $field"
        }
    }

    private fun fieldOf(field: String) = when (field) {
        "name" -> "Name"
        "phone" -> "Mobile number"
        "birthday" -> "Birthday"
        "code" -> "Code"
        "server" -> "Address"
        "note" -> "Note"
        "follow_up" -> "Follow-up"
        "due" -> "Day"
        "tag" -> "Tag"
        "membership" -> "Consent"
        "remark_name" -> "Remark name"
        "preferences" -> "Preferences"
        else -> "Input"
    }

    private fun topic(topic: Topic) = when (topic) {
        Topic.Health -> "Health"
        Topic.Religion -> "Religion"
        Topic.Minors -> "Minors"
    }

    override fun charactersLeft(left: Int) = if (left >= 0) "$left characters left" else "${-left} characters too many"

    override val appName = "Guidebook"
    override val enrolTitle = "Set up this phone"
    override val enrolLead = "The code from headquarters brings the members you serve to this phone."
    override val enrolWhatStays = listOf(
        "Only your own members, nobody else's",
        "Encrypted, and works without a network",
        "Hidden after 72 hours offline, erased after 14 days",
        "Erased by headquarters if the phone is lost",
    )
    override val enrolServer = "Server address"
    override val enrolCode = "Code from headquarters"
    override val enrolScan = "Scan the code"
    override val enrolAct = "Set up"
    override val enrolOffline = "Headquarters can't be reached. Check the address and the network, then try again."
    override val enrolling = "Setting up…"
    override val fetching = "Fetching your members…"
    override val unlockTitle = "Guidebook is locked"
    override val unlockLead = "Confirm that it's you to open it."
    override val unlockAct = "Unlock"
    override val unlocking = "Opening…"
    override val lockedOutTitle = "Too many tries"
    override val lockedOutLead = "Unlock the phone with its own passcode first (set one if there is none), then come back. The book is unharmed."
    override val wrongKeyTitle = "The key does not fit"
    override val wrongKeyLead = "This phone's key does not open this book; it may come from a backup. " +
        "What was sent is at headquarters. Ask for a new code."
    override val wipedTitle = "The book was erased"
    override val wipedLead = "Headquarters took this phone back, or it was out of contact for 14 days. " +
        "The members are gone from this phone; headquarters has them all."
    override val hiddenTitle = "Members are hidden"

    override fun hiddenLead(waiting: Int) = "No contact with headquarters for 72 hours. One sync shows them again." +
        if (waiting > 0) " Your $waiting edits are still here; none is lost." else ""

    override val hiddenAct = "Sync now"
    override val hiddenOffline = "Headquarters can't be reached. Check the network."
    override val faultTitle = "The book can't be opened"
    override val enrolAgain = "Set up with a new code"

    override val search = "Name, initials, last digits"
    override val searchClear = "Clear search"
    override val filter = "Filter"

    override fun filterOn(count: Int) = "Filter, $count set"

    override val settings = "Settings"
    override val walkin = "New member"

    override fun order(order: MemberOrder) = when (order) {
        MemberOrder.Recent -> "Recent"
        MemberOrder.Name -> "Name"
        MemberOrder.Spend -> "Spend"
    }

    override val orderBy = "Sort"

    override fun members(count: Int) = if (count == 1) "1 member" else "${Figures.grouped(count.toLong())} members"

    override val noMembersTitle = "No members yet"
    override val noMembersLead = "Members that headquarters gives you appear here. You can enrol the first one now."
    override val noMatchTitle = "Nobody found"

    override fun noMatchLead(text: String) = "No member matches “$text”. Try initials or the last digits of the number."

    override val noFilterMatchLead = "No member meets all of these."
    override val clearFilter = "Clear filter"
    override val noPurchase = "none yet"

    override fun lastBought(days: Long) = daysAgo(days)

    override fun birthdayIn(days: Int) = if (days == 0) "Birthday today" else if (days == 1) "Birthday tomorrow" else "Birthday in $days days"

    override val followUpDueMark = "Follow-up due"

    override fun waitingMark(count: Int) = if (count == 1) "1 edit to send" else "$count edits to send"

    override fun tagsOf(name: String) = "Tag $name"

    override val filterTitle = "Filter members"
    override val filterHow = "Tap to include, tap again to exclude. Any one in a group is enough; all groups must match."
    override val filterBirthday = "Birthday within 7 days"
    override val filterFollowUp = "Follow-up due"

    override fun filterShow(count: Int?) = if (count == null) "Show" else "Show ${Figures.grouped(count.toLong())}"

    override val filterReset = "Clear all"
    override val filterAnd = ", and "
    override val filterOr = " or "
    override val filterNot = "not "
    override val tagWanted = "wanted"
    override val tagExcluded = "excluded"
    override val tagOff = "off"
    override val thisWeek = "birthday within 7 days"

    override val call = "Call"
    override val note = "Note"
    override val followUp = "Follow-up"
    override val tags = "Tags"
    override val reveal = "Show number"
    override val points = "Points"
    override val spendTotal = "Spent"
    override val orders = "Orders"
    override val spendChart = "Spend in 12 months"

    override fun spendChartSaid(total: String, best: String) = "$total in 12 months, most in $best"

    override val noSpend = "Nothing spent in 12 months"
    override val memberships = "Memberships"
    override val mall = "Mall member"

    override fun joined(day: String) = "Joined $day"

    override fun birthday(month: Int, day: Int, year: Int?) = "$day ${short(Month.of(month))}" + if (year != null) " $year" else ""

    override val purchases = "Last purchases"
    override val noPurchases = "No purchases yet"

    override fun cadence(days: Int) = "Usually comes every $days days"

    override fun usualReturn(day: String, late: Boolean) = if (late) "was expected back $day" else "expected back $day"

    override fun replenish(product: String, day: String, late: Boolean) = if (late) "$product: was used up about $day" else "$product: used up about $day"

    override val notes = "Notes"
    override val noNotes = "No notes yet. What she likes, her family, what you promised: write it down and it's kept."
    override val followUps = "Follow-ups"

    override fun dueOn(day: String) = "Due $day"

    override val overdue = "Overdue"
    override val followUpDone = "Mark done"
    override val followUpOpen = "Mark open"
    override val preferences = "Preferences"
    override val sizes = "Sizes"
    override val noTags = "No tags yet"
    override val details = "Remark, preferences, sizes"
    override val marketingYes = "Agrees to marketing"
    override val marketingNo = "No marketing"
    override val memberGoneTitle = "She is no longer in your book"
    override val memberGoneLead = "She may be with a colleague. What you had not sent is handed to headquarters first."
    override val pickMember = "Choose a member on the left"

    override fun field(field: Field) = when (field) {
        Field.RemarkName -> "Remark name"
        Field.Preferences -> "Preferences"
        Field.SizeTop -> "Top size"
        Field.SizeBottom -> "Bottom size"
        Field.SizeShoe -> "Shoe size"
        Field.SizeRing -> "Ring size"
    }

    override fun wrote(guide: String, time: String) = "$guide · $time"

    override fun quantity(count: Int) = "× $count"

    override val revealTitle = "Show the full number"
    override val revealLead = "To protect her, each view is recorded with its reason."

    override fun revealReason(reason: RevealReason) = when (reason) {
        RevealReason.Call -> "Call her"
        RevealReason.Message -> "Message her"
        RevealReason.Delivery -> "Delivery"
        RevealReason.Other -> "Something else"
    }

    override val revealed = "This view is recorded"
    override val callNow = "Call"

    override val tagsTitle = "Tags"
    override val singleChoice = "one only"
    override val hqOnly = "Set by headquarters"
    override val hqOnlyWhy = "Headquarters sets this group; it can't be changed here"
    override val personalTags = "My tags"
    override val personalTagNew = "New tag"
    override val personalTagAdd = "Add the tag"

    override fun tagOn(tag: String) = "Tagged “$tag”"

    override fun tagTakenOff(tag: String) = "Removed “$tag”"

    override val noteTitle = "Write a note"
    override val noteHint = "What you talked about, what she likes, what you promised"
    override val noteSaved = "Note saved"
    override val followUpTitle = "Add a follow-up"
    override val followUpHint = "What needs doing"
    override val followUpSaved = "Follow-up saved"
    override val followUpWhen = "When"
    override val tomorrow = "Tomorrow"
    override val inThreeDays = "In 3 days"
    override val inAWeek = "In a week"
    override val inAMonth = "In a month"
    override val fieldsTitle = "Remark, preferences, sizes"
    override val fieldsSaved = "Saved"
    override val doneSaved = "Follow-up done"
    override val openedAgain = "Follow-up open again"

    override val walkinTitle = "New member"
    override val walkinName = "Name"
    override val walkinPhone = "Mobile number"
    override val walkinScan = "Scan her member code"
    override val walkinGender = "Gender"
    override val female = "Female"
    override val male = "Male"
    override val walkinBirthday = "Birthday"
    override val walkinBirthdayHint = "like 0329 or 19900329"
    override val consentTitle = "What she agrees to"
    override val consentLead = "Read it to her; mark what she agrees to."
    override val consentMall = "Join the mall"
    override val consentMallWhy = "The mall keeps her name, number and purchases, for points and service. She can leave at any time."

    override fun consentBrand(brand: String) = "Join $brand"

    override val consentBrandWhy = "The brand sees her details and what she buys of it, for service. It may be left out."
    override val consentMarketing = "Receive news and offers"
    override val consentMarketingWhy = "She can be a member without it."
    override val walkinAct = "Enrol"

    override fun walkinSaved(name: String) = "$name is enrolled"

    override fun walkinKnown(name: String) = "This number is already a member: $name"

    override val walkinOpen = "Open"

    override fun synced(ago: Duration) = "All synced · " + when {
        ago < Duration.ofMinutes(1) -> "just now"
        ago < Duration.ofHours(1) -> "${ago.toMinutes()} min ago"
        ago < Duration.ofHours(48) -> "${ago.toHours()} h ago"
        else -> "${ago.toDays()} days ago"
    }

    override val neverSynced = "Not synced yet"

    override fun waiting(count: Int) = "$count to send"

    override val sending = "Sending…"
    override val fetchingNow = "Syncing…"

    override fun offline(waiting: Int) = if (waiting == 0) "Offline · everything works" else "Offline · $waiting to send"

    override fun attention(count: Int) = if (count == 1) "1 needs attention" else "$count need attention"

    override val syncTitle = "Sync"
    override val syncNow = "Sync now"
    override val syncSafe = "Your edits are all on this phone and go out by themselves once there is a network."

    override fun lastContact(time: String) = "Last contact: $time"

    override val needsYou = "Needs your attention"
    override val waits = "Waiting to be sent"
    override val answered = "Delivered"
    override val nothingWaits = "Nothing is waiting to be sent"
    override val nothingYet = "No edits yet"
    override val editTitle = "This edit"
    override val whatYouDid = "What you did"
    override val whatHappened = "What became of it"
    override val applyAgain = "Apply again"
    override val appliedAgain = "Applied again, waiting to be sent"
    override val openMember = "Open member"

    override fun kind(kind: EditKind) = when (kind) {
        EditKind.Tag, EditKind.Choice -> "Tag"
        EditKind.Note -> "Note"
        EditKind.NoteWithdrawal -> "Note withdrawn"
        EditKind.FollowUp -> "Follow-up"
        EditKind.FollowUpDone -> "Follow-up done"
        EditKind.Field -> "Details"
        EditKind.Enrolment -> "New member"
        EditKind.PersonalTag -> "My tag"
        EditKind.Reveal -> "Number shown"
        EditKind.Coupon -> "Coupon"
        EditKind.CouponVoid -> "Coupon voided"
        EditKind.Surrender -> "Codes given back"
    }

    override fun what(kind: EditKind, what: String) = when (kind) {
        EditKind.Tag, EditKind.Choice -> when (what.firstOrNull()) {
            '+' -> "Tagged “${what.drop(1)}”"
            '-' -> if (what.length > 1) "Removed “${what.drop(1)}”" else "Cleared the choice"
            '=' -> "Chose “${what.drop(1)}”"
            else -> what
        }
        EditKind.NoteWithdrawal -> if (what == "-") "Withdrew a note" else "Brought a note back"
        EditKind.FollowUpDone -> if (what == "+") "Marked done" else "Marked open"
        EditKind.Note, EditKind.FollowUp, EditKind.Field, EditKind.Enrolment, EditKind.PersonalTag, EditKind.Reveal,
        EditKind.Coupon, EditKind.CouponVoid, EditKind.Surrender -> what
    }

    override val fateWaiting = "Waiting to be sent"
    override val fateApplied = "Delivered"
    override val fateSuperseded = "Replaced by a later edit"
    override val fateRedirected = "Moved along"
    override val fateRefused = "Not accepted"
    override val fateWaitingWhy = "It is on this phone and goes out by itself. Switching the phone off does not lose it."
    override val fateAppliedWhy = "Headquarters has it and it holds."

    override fun fateSupersededWhy(guide: String, time: String, with: String) =
        "$guide, $time: $with. Yours was not kept; if it is right, apply it again."

    override val fateRedirectedWhy = "The member or the tag was merged, and your edit went along."

    override fun refusal(refusal: Refusal) = when (refusal) {
        Refusal.NotYourMember -> "She was with a colleague by then."
        Refusal.TagDeleted -> "Headquarters has deleted this tag."
        is Refusal.Rule -> problem(refusal.problem) + "."
        Refusal.NotYours -> "Headquarters does not take it as this phone's. Please ask there."
        is Refusal.Coupon -> couponRefusal(refusal.reason)
        Refusal.NotUnderstood -> "This version is too old for headquarters. Update, then apply it again."
    }

    override val settingsTitle = "Settings"
    override val language = "Language"
    override val languageSystem = "System"
    override val textSize = "Text size"
    override val textStandard = "Standard"
    override val textLarge = "Large"
    override val textLargest = "Largest"
    override val appearance = "Appearance"
    override val appearanceSystem = "System"
    override val appearanceLight = "Light"
    override val appearanceDark = "Dark"
    override val lockNow = "Lock now"
    override val guides = "Hand over to another guide"
    override val guidesTitle = "Who uses it"
    override val guidesLead = "Each guide's book is encrypted on its own; nobody sees another's."
    override val guideHere = "In use"
    override val guideUnnamed = "Unnamed"
    override val guideAnother = "Set up for another guide"
    override val about = "About"
    override val aboutLead = "A guide's client book that works without a network."
    override val licences = "Open-source licences"

    override fun version(version: String) = "Version $version"

    override val privacy = "Privacy"
    override val privacyLead = "Members are kept encrypted on this phone. After 72 hours without contact they hide, after 14 days they are erased."
}
