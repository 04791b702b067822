package guidebook.ui.book

import java.time.Instant
import java.time.LocalDate

/** What a coupon, or a campaign whose coupons are all alike, is worth. Money in fen. */
sealed interface Worth {
    data class Amount(val fen: Long) : Worth

    /** So much off, in 1/100 of a per cent, up to a cap. */
    data class Percent(val basisPoints: Int, val capFen: Long) : Worth

    data class Gift(val name: String) : Worth
}

/** A coupon of this [worth] that can be given out of a campaign, and how many codes of it lie on this phone. */
data class Offer(val value: Long, val worth: Worth, val left: Int)

/** A campaign as HQ told of it. [bar] says why nothing of it can be given out at the moment, whoever the member is. */
data class Campaign(
    val id: String,
    val name: String,
    val offers: List<Offer>,
    val leastSpendFen: Long = 0,
    val validity: Validity,
    /** Names of the stores where its coupons are taken; empty for all. */
    val stores: List<String> = emptyList(),
    val bar: IssueBar? = null,
) {
    val left get() = offers.sumOf { it.left }
}

sealed interface Validity {
    /** From the day on which it is given out, for so many days. */
    data class Days(val days: Int) : Validity

    data class Fixed(val from: LocalDate, val to: LocalDate) : Validity
}

/** Why a coupon can't be given out. */
sealed interface IssueBar {
    data object Paused : IssueBar

    data object Over : IssueBar

    data class NotYet(val from: LocalDate) : IssueBar

    data object NotYourStore : IssueBar

    data object NotYourBrand : IssueBar

    data object NotYours : IssueBar

    data object NoMembership : IssueBar

    data class MemberLimit(val limit: Int) : IssueBar

    data object NoSuchValue : IssueBar

    data object NoCodeLeft : IssueBar

    data object LeaseOver : IssueBar

    data object ClockSetBack : IssueBar

    /** The phone's key store does not answer. */
    data object NoMarks : IssueBar
}

enum class CouponState { Issued, HandedOver, Redeemed, Expired, Void, Refused }

/** Why HQ does not take what was done with a coupon. */
enum class CouponRefusal { NotSigned, NotLeased, GivenTwice, Surrendered, Voided, Reserved, Redeemed, Expired }

/** A coupon that was given out on this phone. */
data class CouponRow(
    val id: String,
    val member: String,
    /** Null once she is no more in the book. */
    val memberName: String?,
    val campaign: String,
    val worth: Worth,
    val at: Instant,
    val lastDay: LocalDate,
    val state: CouponState,
    /** HQ has yet to hear of it; it is valid all the same. */
    val waiting: Boolean = false,
)

/** What is shown to the customer. [code] is the typed code in its groups. */
data class CouponCard(
    val row: CouponRow,
    val leastSpendFen: Long,
    /** Names of the stores where it is taken; empty for all. */
    val stores: List<String>,
    val code: String,
    val qr: QrModules,
    val bars: List<Int>,
)

/** A QR code without its quiet zone: [dark] row by row. */
data class QrModules(val side: Int, val dark: List<Boolean>) {
    fun isDark(x: Int, y: Int) = dark[y * side + x]
}

/** A coupon that a member has or had, whoever gave it to her. [coupon] is its id if this phone did. */
data class MemberCoupon(val coupon: String?, val campaign: String, val worth: Worth?, val lastDay: LocalDate, val state: CouponState)
