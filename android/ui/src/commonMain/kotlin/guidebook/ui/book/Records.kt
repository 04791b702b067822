package guidebook.ui.book

import java.time.Instant
import java.time.LocalDate
import java.time.MonthDay
import java.time.YearMonth

/** Whether the book can be read. */
enum class BookState { Empty, Locked, Unenrolled, Open, Hidden }

data class Guide(val id: String, val name: String, val store: String, val brand: String?, val device: String = "")

/** A guide whose book lies on this phone. [name] is null where no label was kept for it. */
data class GuideOnPhone(val book: String, val name: String?, val current: Boolean)

enum class MemberOrder { Recent, Name, Spend }

data class ListRequest(
    val text: String = "",
    val tags: String = "",
    val birthdayWithinDays: Int? = null,
    val followUpDue: Boolean = false,
    val order: MemberOrder = MemberOrder.Recent,
    val offset: Int = 0,
    val limit: Int = PAGE,
) {
    companion object {
        /** The core's largest page. */
        const val PAGE = 50
    }
}

data class MemberPage(val rows: List<MemberRow>, val total: Int)

enum class MatchField { Name, RemarkName, Phone }

/** Where the search was found in the shown text, in characters (Unicode scalars). */
data class Match(val field: MatchField, val start: Int, val length: Int)

data class MemberRow(
    val id: String,
    val name: String,
    val remarkName: String = "",
    val maskedPhone: String = "",
    val level: String = "",
    val tags: List<String> = emptyList(),
    val spendFen: Long = 0,
    val lastPurchase: LocalDate? = null,
    val waiting: Int = 0,
    val daysToBirthday: Int? = null,
    val nextFollowUp: LocalDate? = null,
    val indexLetter: String = "#",
    val matches: List<Match> = emptyList(),
)

data class Member(
    val row: MemberRow,
    val birthday: Birthday? = null,
    val joined: LocalDate? = null,
    val points: Long = 0,
    val store: String? = null,
    val brands: List<Brand> = emptyList(),
    val marketing: Boolean = false,
    val orders: Int = 0,
    val purchases: List<Purchase> = emptyList(),
    val notes: List<Note> = emptyList(),
    val followUps: List<FollowUp> = emptyList(),
    val fields: Map<Field, String> = emptyMap(),
    val spendByMonth: List<MonthSpend> = emptyList(),
    val cadenceDays: Int? = null,
    val usualReturn: LocalDate? = null,
    val replenishments: List<Replenishment> = emptyList(),
)

/** A day of the year, and the year where she told it. */
data class Birthday(val day: MonthDay, val year: Int?)

data class Brand(val id: String, val name: String)

data class Purchase(val day: LocalDate, val product: String, val quantity: Int, val paidFen: Long)

data class MonthSpend(val month: YearMonth, val spendFen: Long)

data class Replenishment(val product: String, val due: LocalDate)

data class Note(val id: String, val text: String, val guide: String, val at: Instant)

data class FollowUp(val id: String, val text: String, val due: LocalDate, val done: Boolean, val guide: String)

enum class Field { RemarkName, Preferences, SizeTop, SizeBottom, SizeShoe, SizeRing }

data class TagGroup(val id: String, val name: String, val singleChoice: Boolean, val editable: Boolean, val tags: List<Tag>) {
    /** Her own tags come under this id. */
    val personal get() = id == PERSONAL

    companion object {
        const val PERSONAL = "personal"
    }
}

data class Tag(val id: String, val name: String)

enum class Gender { Female, Male }

/** A walk-in; [birthday] as `YYYY-MM-DD` or `--MM-DD`. */
data class Walkin(
    val name: String,
    val phone: String,
    val gender: Gender?,
    val birthday: String?,
    val membership: Boolean,
    val marketing: Boolean,
    val brands: List<String>,
)

data class Limits(val note: Int, val tagName: Int, val remarkName: Int, val preferences: Int, val size: Int, val tagsPerMember: Int)

enum class RevealReason { Call, Message, Delivery, Other }

enum class EditKind { Tag, Choice, Note, NoteWithdrawal, FollowUp, FollowUpDone, Field, Enrolment, PersonalTag, Reveal, Coupon, CouponVoid, Surrender }

/** What the guide did, and what became of it. [what] is short and in no language: `+Name`, `-Name`, `=Name`, the text. */
data class Edit(val id: String, val member: String?, val kind: EditKind, val what: String, val at: Instant, val fate: Fate, val undoable: Boolean)

sealed interface Fate {
    data object Waiting : Fate

    data object Applied : Fate

    data class Superseded(val guide: String, val at: Instant, val with: String) : Fate

    data class Redirected(val member: String?, val tag: String?) : Fate

    data class Refused(val reason: Refusal) : Fate
}

sealed interface Refusal {
    data object NotYourMember : Refusal

    data object TagDeleted : Refusal

    data class Rule(val problem: Problem.Invalid) : Refusal

    data object NotYours : Refusal

    data class Coupon(val reason: CouponRefusal) : Refusal

    data object NotUnderstood : Refusal
}

data class SyncState(val waiting: Int, val refused: Int, val lastContact: Instant?, val running: Boolean, val retrying: Boolean)

/** What a scanned text is. */
sealed interface Code {
    data class Enrolment(val code: String, val server: String?) : Code

    data class Phone(val phone: String, val member: String?) : Code

    data class OfMember(val member: String) : Code

    data object Unknown : Code
}

/** What has changed, not the new value. */
sealed interface Change {
    data class Members(val members: List<String>) : Change

    data object Dictionary : Change

    data object SyncState : Change

    /** Campaigns, what is left of them, or coupons of this phone. */
    data object Coupons : Change

    data object Book : Change
}
