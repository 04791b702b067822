package guidebook.ui.words

import androidx.compose.runtime.staticCompositionLocalOf
import guidebook.ui.book.EditKind
import guidebook.ui.book.Field
import guidebook.ui.book.MemberOrder
import guidebook.ui.book.Problem
import guidebook.ui.book.Refusal
import guidebook.ui.book.RevealReason
import java.time.Duration
import java.time.Instant
import java.time.LocalDate
import java.time.YearMonth

/** Every word that a screen says, in one language. The same keys as on the other phone. */
interface Words : DoorWords, MemberWords, EditWords, SyncWords, CouponWords, SettingsWords {
    /** BCP 47, for the choice of glyphs. */
    val locale: String

    val back: String
    val close: String
    val cancel: String
    val save: String
    val undo: String
    val undone: String
    val retry: String
    val loading: String
    val optional: String

    fun count(count: Long): String = Figures.grouped(count)

    fun money(fen: Long): String

    /** Without decimals, in 万 where that is shorter: for lists and charts. */
    fun moneyShort(fen: Long): String

    fun day(day: LocalDate, today: LocalDate): String

    fun daysAgo(days: Long): String

    fun monthShort(month: YearMonth): String

    fun at(at: Instant, now: Instant): String

    fun problem(problem: Problem): String

    fun charactersLeft(left: Int): String
}

/** Enrolment, the lock, and the honest screens of a book that cannot be read. */
interface DoorWords {
    val appName: String
    val enrolTitle: String
    val enrolLead: String
    val enrolWhatStays: List<String>
    val enrolServer: String
    val enrolCode: String
    val enrolScan: String
    val enrolAct: String
    val enrolOffline: String
    val enrolling: String
    val fetching: String
    val unlockTitle: String
    val unlockLead: String
    val unlockAct: String
    val unlocking: String
    val lockedOutTitle: String
    val lockedOutLead: String
    val wrongKeyTitle: String
    val wrongKeyLead: String
    val wipedTitle: String
    val wipedLead: String
    val hiddenTitle: String

    fun hiddenLead(waiting: Int): String

    val hiddenAct: String
    val hiddenOffline: String
    val faultTitle: String
    val enrolAgain: String
}

/** The list, the filter, and a member. */
interface MemberWords {
    val search: String
    val searchClear: String
    val filter: String

    fun filterOn(count: Int): String

    val settings: String
    val walkin: String

    fun order(order: MemberOrder): String

    val orderBy: String

    fun members(count: Int): String

    val noMembersTitle: String
    val noMembersLead: String
    val noMatchTitle: String

    fun noMatchLead(text: String): String

    val noFilterMatchLead: String
    val clearFilter: String
    val noPurchase: String

    fun lastBought(days: Long): String

    fun birthdayIn(days: Int): String

    val followUpDueMark: String

    fun waitingMark(count: Int): String

    fun tagsOf(name: String): String

    val filterTitle: String
    val filterHow: String
    val filterBirthday: String
    val filterFollowUp: String

    fun filterShow(count: Int?): String

    val filterReset: String
    val filterAnd: String
    val filterOr: String
    val filterNot: String
    val tagWanted: String
    val tagExcluded: String
    val tagOff: String
    val thisWeek: String

    val call: String
    val note: String
    val followUp: String
    val tags: String
    val reveal: String
    val points: String
    val spendTotal: String
    val orders: String
    val spendChart: String

    fun spendChartSaid(total: String, best: String): String

    val noSpend: String
    val memberships: String
    val mall: String

    fun joined(day: String): String

    fun birthday(month: Int, day: Int, year: Int?): String

    val purchases: String
    val noPurchases: String

    fun cadence(days: Int): String

    /** [late]: the day is over. */
    fun usualReturn(day: String, late: Boolean): String

    fun replenish(product: String, day: String, late: Boolean): String

    val notes: String
    val noNotes: String
    val followUps: String

    fun dueOn(day: String): String

    val overdue: String
    val followUpDone: String
    val followUpOpen: String
    val preferences: String
    val sizes: String
    val noTags: String
    val details: String
    val marketingYes: String
    val marketingNo: String
    val memberGoneTitle: String
    val memberGoneLead: String
    val pickMember: String

    fun field(field: Field): String

    fun wrote(guide: String, time: String): String

    fun quantity(count: Int): String

    val revealTitle: String
    val revealLead: String

    fun revealReason(reason: RevealReason): String

    val revealed: String
    val callNow: String
}

/** What she does to a member: sheets, notices, the walk-in. */
interface EditWords {
    val tagsTitle: String
    val singleChoice: String
    val hqOnly: String
    val hqOnlyWhy: String
    val personalTags: String
    val personalTagNew: String
    val personalTagAdd: String

    fun tagOn(tag: String): String

    fun tagTakenOff(tag: String): String

    val noteTitle: String
    val noteHint: String
    val noteSaved: String
    val followUpTitle: String
    val followUpHint: String
    val followUpSaved: String
    val followUpWhen: String
    val tomorrow: String
    val inThreeDays: String
    val inAWeek: String
    val inAMonth: String
    val fieldsTitle: String
    val fieldsSaved: String
    val doneSaved: String
    val openedAgain: String

    val walkinTitle: String
    val walkinName: String
    val walkinPhone: String
    val walkinScan: String
    val walkinGender: String
    val female: String
    val male: String
    val walkinBirthday: String
    val walkinBirthdayHint: String
    val consentTitle: String
    val consentLead: String
    val consentMall: String
    val consentMallWhy: String

    fun consentBrand(brand: String): String

    val consentBrandWhy: String
    val consentMarketing: String
    val consentMarketingWhy: String
    val walkinAct: String

    fun walkinSaved(name: String): String

    fun walkinKnown(name: String): String

    val walkinOpen: String
}

/** What waits, what was lost, and what to do about it. */
interface SyncWords {
    fun synced(ago: Duration): String

    val neverSynced: String

    fun waiting(count: Int): String

    val sending: String
    val fetchingNow: String

    fun offline(waiting: Int): String

    fun attention(count: Int): String

    val syncTitle: String
    val syncNow: String
    val syncSafe: String

    fun lastContact(time: String): String

    val needsYou: String
    val waits: String
    val answered: String
    val nothingWaits: String
    val nothingYet: String
    val editTitle: String
    val whatYouDid: String
    val whatHappened: String
    val applyAgain: String
    val appliedAgain: String
    val openMember: String

    fun kind(kind: EditKind): String

    /** What an edit did, from the core's `+Name`, `-Name`, `=Name` or text. */
    fun what(kind: EditKind, what: String): String

    val fateWaiting: String
    val fateApplied: String
    val fateSuperseded: String
    val fateRedirected: String
    val fateRefused: String
    val fateWaitingWhy: String
    val fateAppliedWhy: String

    fun fateSupersededWhy(guide: String, time: String, with: String): String

    val fateRedirectedWhy: String

    fun refusal(refusal: Refusal): String
}

interface SettingsWords {
    val settingsTitle: String
    val language: String
    val languageSystem: String
    val textSize: String
    val textStandard: String
    val textLarge: String
    val textLargest: String
    val appearance: String
    val appearanceSystem: String
    val appearanceLight: String
    val appearanceDark: String
    val lockNow: String
    val guides: String
    val guidesTitle: String
    val guidesLead: String
    val guideHere: String
    val guideUnnamed: String
    val guideAnother: String
    val about: String
    val aboutLead: String
    val licences: String

    fun version(version: String): String

    val privacy: String
    val privacyLead: String
}

/** The language in which the screens speak. */
val LocalWords = staticCompositionLocalOf<Words> { WordsZh }

/** The words of a language tag; Chinese where it is not English. */
fun wordsFor(language: String): Words = if (language.startsWith("en")) WordsEn else WordsZh
