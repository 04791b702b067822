package guidebook.ui.words

import guidebook.ui.book.CouponCard
import guidebook.ui.book.CouponRefusal
import guidebook.ui.book.CouponState
import guidebook.ui.book.IssueBar
import guidebook.ui.book.Validity
import guidebook.ui.book.Worth
import java.time.LocalDate

internal object CouponWordsZh : CouponWords {
    override val coupons = "优惠券"
    override val couponGive = "发券"
    override val campaigns = "可发的活动"
    override val noCampaigns = "总部还没有给你活动"
    override val noCouponsTitle = "还没有发过券"
    override val couponsGiven = "发出的券"
    override val couponChoose = "选一个活动"
    override val couponValue = "选面额"
    override val couponOffline = "没有网络也能发，收银台照常可用。"
    override val couponCodes = "给收银员扫，或报出券码"
    override val couponBar = "条形码"
    override val couponUnsent = "总部还没收到，券照常可用"
    override val couponNoWorth = "优惠券"
    override val couponVoid = "作废"
    override val couponVoidWhy = "还没交给客人的券可以作废，作废后不能再用。"
    override val couponVoided = "券已作废"
    override val couponHandOver = "已交给客人"
    override val couponHandedOver = "已记下：交给客人"
    override val couponSend = "发给客人"
    override val couponGoneTitle = "没有这张券"
    override val couponGoneLead = "它可能属于这台手机上的另一位导购。"
    override val memberNoCoupons = "还没有优惠券"

    override fun worth(worth: Worth) = when (worth) {
        is Worth.Amount -> WordsZh.money(worth.fen)
        // Chinese names what is still to be paid: 12 % off is 8.8 折.
        is Worth.Percent -> Figures.oneOrTwoDecimals((10_000 - worth.basisPoints) / 1_000.0) + " 折，最多减 " + WordsZh.money(worth.capFen)
        is Worth.Gift -> "赠品：${worth.name}"
    }

    override fun leastSpend(fen: Long) = if (fen == 0L) "无门槛" else "满 ${WordsZh.money(fen)} 可用"

    override fun left(count: Int) = if (count == 0) "暂时没有" else "还有 $count 张"

    override fun validity(validity: Validity, today: LocalDate) = when (validity) {
        is Validity.Days -> if (validity.days == 1) "当天有效" else "发出起 ${validity.days} 天有效"
        is Validity.Fixed -> validThrough(WordsZh.day(validity.to, today))
    }

    override fun validThrough(day: String) = "有效期至$day"

    override fun lastDay(day: LocalDate) = validThrough("${day.year}年${day.monthValue}月${day.dayOfMonth}日")

    override fun onlyIn(stores: List<String>) = if (stores.isEmpty()) "各门店可用" else "限${stores.joinToString("、")}使用"

    override fun give(worth: String) = "发放 $worth"

    override fun giveTo(name: String) = "发券给$name"

    override fun bar(bar: IssueBar, today: LocalDate) = when (bar) {
        IssueBar.Paused -> "总部暂停了这个活动"
        IssueBar.Over -> "活动已结束"
        is IssueBar.NotYet -> "${WordsZh.day(bar.from, today)}开始"
        IssueBar.NotYourStore -> "不是你门店的活动"
        IssueBar.NotYourBrand -> "不是你品牌的活动"
        IssueBar.NotYours -> "这个活动没有分配给你"
        IssueBar.NoMembership -> "客人还不是这个品牌的会员"
        is IssueBar.MemberLimit -> "每位客人最多 ${bar.limit} 张，她已领过"
        IssueBar.NoSuchValue -> "没有这个面额"
        IssueBar.NoCodeLeft -> "这台手机上的券码用完了，联网后会自动补充"
        IssueBar.LeaseOver -> "券码过了 72 小时，联网后会自动换新"
        IssueBar.NoMarks -> "手机的安全存储没有回应，请稍后再试"
        IssueBar.ClockSetBack -> "手机的时间被往回调过，联网一次后才能再发券"
    }

    override fun couponState(state: CouponState) = when (state) {
        CouponState.Issued -> "已发放"
        CouponState.HandedOver -> "已交给客人"
        CouponState.Redeemed -> "已使用"
        CouponState.Expired -> "已过期"
        CouponState.Void -> "已作废"
        CouponState.Refused -> "总部没有接受"
    }

    override fun couponRefusal(refusal: CouponRefusal) = when (refusal) {
        CouponRefusal.NotSigned -> "总部认不出这张券的签名。请联系总部。"
        CouponRefusal.NotLeased -> "这个券码没有分给这台手机。"
        CouponRefusal.GivenTwice -> "这台手机的副本已把同一个券码发给别人。请联系总部。"
        CouponRefusal.Surrendered -> "这个券码已退回总部。"
        CouponRefusal.Voided -> "这张券之前已作废。"
        CouponRefusal.Reserved -> "收银台正在使用这张券。"
        CouponRefusal.Redeemed -> "这张券已被使用。"
        CouponRefusal.Expired -> "这张券已过期。"
    }

    override fun qrSaid(code: String) = "二维码，券码 $code"

    override fun couponMessage(card: CouponCard) = listOf(
        "${card.row.campaign}：${worth(card.row.worth)}",
        "券码 ${card.code}",
        listOf(leastSpend(card.leastSpendFen), lastDay(card.row.lastDay), onlyIn(card.stores)).joinToString("，"),
        "结账时把券码报给收银员。",
    ).joinToString("\n")
}
