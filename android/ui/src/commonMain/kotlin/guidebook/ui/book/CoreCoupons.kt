package guidebook.ui.book

import guidebook.core.CampaignRow
import guidebook.core.CouponProblem
import guidebook.core.CouponStatus
import guidebook.core.CouponValidity
import guidebook.core.CouponWorth
import guidebook.core.MemberCouponRow
import java.time.Instant
import java.time.LocalDate

// The core's words about coupons in the screens' own.

internal fun CampaignRow.ours() = Campaign(
    id = id,
    name = name,
    offers = values.map { Offer(it.value.toLong(), it.worth.ours(), it.left.toInt()) },
    leastSpendFen = leastSpendFen.toLong(),
    validity = validity.ours(),
    stores = stores,
    bar = whyNot?.ours(),
)

private fun CouponValidity.ours() = when (this) {
    is CouponValidity.FromIssue -> Validity.Days(days.toInt())
    is CouponValidity.Fixed -> Validity.Fixed(LocalDate.parse(from), LocalDate.parse(to))
}

private fun CouponWorth.ours() = when (this) {
    is CouponWorth.Amount -> Worth.Amount(fen.toLong())
    is CouponWorth.Percent -> Worth.Percent(basisPoints.toInt(), capFen.toLong())
    is CouponWorth.Gift -> Worth.Gift(name)
}

internal fun CouponProblem.ours(): IssueBar = when (this) {
    CouponProblem.Paused -> IssueBar.Paused
    CouponProblem.Over -> IssueBar.Over
    is CouponProblem.NotYet -> IssueBar.NotYet(LocalDate.parse(from))
    CouponProblem.NotYourStore -> IssueBar.NotYourStore
    CouponProblem.NotYourBrand -> IssueBar.NotYourBrand
    CouponProblem.NotYours -> IssueBar.NotYours
    CouponProblem.NoMembership -> IssueBar.NoMembership
    is CouponProblem.MemberLimit -> IssueBar.MemberLimit(limit.toInt())
    CouponProblem.NoSuchValue -> IssueBar.NoSuchValue
    CouponProblem.NoCodeLeft -> IssueBar.NoCodeLeft
    CouponProblem.LeaseOver -> IssueBar.LeaseOver
    CouponProblem.ClockSetBack -> IssueBar.ClockSetBack
    CouponProblem.NoMarks -> IssueBar.NoMarks
}

private fun CouponStatus.ours() = when (this) {
    CouponStatus.Issued -> CouponState.Issued
    CouponStatus.HandedOver -> CouponState.HandedOver
    CouponStatus.Redeemed -> CouponState.Redeemed
    CouponStatus.Expired -> CouponState.Expired
    CouponStatus.Void -> CouponState.Void
    is CouponStatus.Refused -> CouponState.Refused
}

internal fun guidebook.core.CouponRow.ours() = CouponRow(
    id = id,
    member = member,
    memberName = memberName,
    campaign = campaignName,
    worth = worth.ours(),
    at = Instant.ofEpochMilli(issuedMs.toLong()),
    lastDay = LocalDate.parse(lastDay),
    state = status.ours(),
    waiting = waiting,
)

internal fun guidebook.core.CouponCard.ours() = CouponCard(
    row = row.ours(),
    leastSpendFen = leastSpendFen.toLong(),
    stores = stores,
    code = code,
    qr = QrModules(qr.side.toInt(), qr.modules.map { it == DARK }),
    bars = bars.map { it.toInt() },
)

private const val DARK: Byte = 1

internal fun MemberCouponRow.ours() = MemberCoupon(coupon, campaignName, worth?.ours(), LocalDate.parse(lastDay), status.ours())

internal fun guidebook.core.CouponRefusal.ours() = when (this) {
    guidebook.core.CouponRefusal.NOT_SIGNED -> CouponRefusal.NotSigned
    guidebook.core.CouponRefusal.NOT_LEASED -> CouponRefusal.NotLeased
    guidebook.core.CouponRefusal.GIVEN_TWICE -> CouponRefusal.GivenTwice
    guidebook.core.CouponRefusal.SURRENDERED -> CouponRefusal.Surrendered
    guidebook.core.CouponRefusal.VOIDED -> CouponRefusal.Voided
    guidebook.core.CouponRefusal.RESERVED -> CouponRefusal.Reserved
    guidebook.core.CouponRefusal.REDEEMED -> CouponRefusal.Redeemed
    guidebook.core.CouponRefusal.EXPIRED -> CouponRefusal.Expired
}
