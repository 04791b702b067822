package guidebook.ui.words

import guidebook.ui.book.CouponCard
import guidebook.ui.book.CouponRefusal
import guidebook.ui.book.CouponState
import guidebook.ui.book.IssueBar
import guidebook.ui.book.Validity
import guidebook.ui.book.Worth
import java.time.LocalDate

/** Campaigns, coupons, and why one can't be given out. */
interface CouponWords {
    val coupons: String
    val couponGive: String
    val campaigns: String
    val noCampaigns: String
    val noCouponsTitle: String
    val couponsGiven: String
    val couponChoose: String
    val couponValue: String
    val couponOffline: String
    val couponCodes: String
    val couponBar: String
    val couponUnsent: String
    val couponNoWorth: String
    val couponVoid: String
    val couponVoidWhy: String
    val couponVoided: String
    val couponHandOver: String
    val couponHandedOver: String
    val couponSend: String
    val couponGoneTitle: String
    val couponGoneLead: String
    val memberNoCoupons: String

    fun worth(worth: Worth): String

    fun leastSpend(fen: Long): String

    fun left(count: Int): String

    fun validity(validity: Validity, today: LocalDate): String

    fun validThrough(day: String): String

    /** Through which day, in full: for the customer, who may read it on another day. */
    fun lastDay(day: LocalDate): String

    fun onlyIn(stores: List<String>): String

    fun give(worth: String): String

    fun giveTo(name: String): String

    fun bar(bar: IssueBar, today: LocalDate): String

    fun couponState(state: CouponState): String

    fun couponRefusal(refusal: CouponRefusal): String

    fun qrSaid(code: String): String

    /** What the customer gets in a message. */
    fun couponMessage(card: CouponCard): String
}
