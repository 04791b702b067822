package guidebook.ui.words

import guidebook.ui.book.CouponCard
import guidebook.ui.book.CouponRefusal
import guidebook.ui.book.CouponState
import guidebook.ui.book.IssueBar
import guidebook.ui.book.Validity
import guidebook.ui.book.Worth
import java.time.LocalDate

internal object CouponWordsEn : CouponWords {
    override val coupons = "Coupons"
    override val couponGive = "Give a coupon"
    override val campaigns = "Campaigns"
    override val noCampaigns = "No campaigns from headquarters yet"
    override val noCouponsTitle = "No coupons given out yet"
    override val couponsGiven = "Given out"
    override val couponChoose = "Choose a campaign"
    override val couponValue = "Choose a value"
    override val couponOffline = "Works without a network; every till takes it."
    override val couponCodes = "For the till: scan it, or say the code"
    override val couponBar = "Bar code"
    override val couponUnsent = "Not yet sent to headquarters; it is valid all the same"
    override val couponNoWorth = "Coupon"
    override val couponVoid = "Void it"
    override val couponVoidWhy = "A coupon she does not have yet can be voided; it can then never be used."
    override val couponVoided = "Coupon voided"
    override val couponHandOver = "She has it"
    override val couponHandedOver = "Noted: she has it"
    override val couponSend = "Send it to her"
    override val couponGoneTitle = "No such coupon"
    override val couponGoneLead = "It may belong to another guide on this phone."
    override val memberNoCoupons = "No coupons yet"

    override fun worth(worth: Worth) = when (worth) {
        is Worth.Amount -> WordsEn.money(worth.fen)
        is Worth.Percent -> Figures.oneOrTwoDecimals(worth.basisPoints / 100.0) + "% off, up to " + WordsEn.money(worth.capFen)
        is Worth.Gift -> "Gift: ${worth.name}"
    }

    override fun leastSpend(fen: Long) = if (fen == 0L) "No minimum" else "Min. spend ${WordsEn.money(fen)}"

    override fun left(count: Int) = if (count == 0) "None at the moment" else "$count left"

    override fun validity(validity: Validity, today: LocalDate) = when (validity) {
        is Validity.Days -> if (validity.days == 1) "Valid today" else "Valid for ${validity.days} days"
        is Validity.Fixed -> validThrough(WordsEn.day(validity.to, today))
    }

    override fun validThrough(day: String) = "Valid through $day"

    override fun lastDay(day: LocalDate) = validThrough("${day.dayOfMonth} ${WordsEn.short(day.month)} ${day.year}")

    override fun onlyIn(stores: List<String>) = if (stores.isEmpty()) "In all stores" else "Only at ${stores.joinToString()}"

    override fun give(worth: String) = "Give $worth"

    override fun giveTo(name: String) = "A coupon for $name"

    override fun bar(bar: IssueBar, today: LocalDate) = when (bar) {
        IssueBar.Paused -> "Headquarters has paused it"
        IssueBar.Over -> "It is over"
        is IssueBar.NotYet -> "Begins ${WordsEn.day(bar.from, today)}"
        IssueBar.NotYourStore -> "Not for your store"
        IssueBar.NotYourBrand -> "Not for your brand"
        IssueBar.NotYours -> "Not given to you"
        IssueBar.NoMembership -> "She is not a member of this brand"
        is IssueBar.MemberLimit -> "At most ${bar.limit} for one customer, and she has had them"
        IssueBar.NoSuchValue -> "No such value"
        IssueBar.NoCodeLeft -> "No codes left on this phone; the next contact brings some"
        IssueBar.LeaseOver -> "These codes are older than 72 hours; the next contact brings new ones"
        IssueBar.NoMarks -> "The phone's key store does not answer; try again in a moment"
        IssueBar.ClockSetBack -> "The phone's clock was set back; after the next contact you can go on"
    }

    override fun couponState(state: CouponState) = when (state) {
        CouponState.Issued -> "Given out"
        CouponState.HandedOver -> "She has it"
        CouponState.Redeemed -> "Used"
        CouponState.Expired -> "Expired"
        CouponState.Void -> "Voided"
        CouponState.Refused -> "Refused"
    }

    override fun couponRefusal(refusal: CouponRefusal) = when (refusal) {
        CouponRefusal.NotSigned -> "Headquarters does not know the signature. Please tell them."
        CouponRefusal.NotLeased -> "This code was not given to this phone."
        CouponRefusal.GivenTwice -> "A copy of this phone has given the same code to somebody else. Please tell headquarters."
        CouponRefusal.Surrendered -> "The code went back to headquarters before."
        CouponRefusal.Voided -> "It was voided before."
        CouponRefusal.Reserved -> "A till holds it at this moment."
        CouponRefusal.Redeemed -> "It has been used."
        CouponRefusal.Expired -> "Its last day is over."
    }

    override fun qrSaid(code: String) = "QR code, code $code"

    override fun couponMessage(card: CouponCard) = listOf(
        "${card.row.campaign}: ${worth(card.row.worth)}",
        "Code ${card.code}",
        listOf(leastSpend(card.leastSpendFen), lastDay(card.row.lastDay), onlyIn(card.stores)).joinToString(". ") + ".",
        "Say the code at the till.",
    ).joinToString("\n")
}
