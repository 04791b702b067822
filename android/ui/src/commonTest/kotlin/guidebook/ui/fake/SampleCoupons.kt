package guidebook.ui.fake

import guidebook.ui.book.Campaign
import guidebook.ui.book.CouponCard
import guidebook.ui.book.CouponRow
import guidebook.ui.book.CouponState
import guidebook.ui.book.IssueBar
import guidebook.ui.book.MemberCoupon
import guidebook.ui.book.Offer
import guidebook.ui.book.QrModules
import guidebook.ui.book.Validity
import guidebook.ui.book.Worth
import java.time.temporal.ChronoUnit

/** Made-up campaigns and coupons. */
object SampleCoupons {
    private fun amounts(vararg offers: Pair<Long, Int>) = offers.map { (yuan, left) -> Offer(yuan * 100, Worth.Amount(yuan * 100), left) }

    val campaigns = listOf(
        Campaign("c1", "周年庆满减券", amounts(50L to 12, 100L to 4, 200L to 0), 50_000, Validity.Days(7)),
        Campaign("c2", "新品九折券", listOf(Offer(1_000, Worth.Percent(1_000, 20_000), 20)), 0, Validity.Fixed(Samples.today, Samples.today.plusDays(8))),
        Campaign("c3", "生日礼", listOf(Offer(3, Worth.Gift("真丝方巾"), 2)), 100_000, Validity.Days(1)),
        Campaign("c4", "双十二预热券", amounts(30L to 40), 20_000, Validity.Days(3), bar = IssueBar.NotYet(Samples.today.plusDays(12))),
        Campaign("c5", "雅集珠宝专享券", amounts(500L to 5), 500_000, Validity.Days(30), bar = IssueBar.Paused),
    )

    private fun row(id: String, member: String, name: String, campaign: Int, worth: Worth, daysAgo: Long, state: CouponState) = CouponRow(
        id, member, name, campaigns[campaign].name, worth, Samples.now.minus(daysAgo, ChronoUnit.DAYS),
        Samples.today.plusDays(7 - daysAgo), state, waiting = daysAgo == 0L,
    )

    val rows = listOf(
        row("k1", "m1", "查美", 0, Worth.Amount(10_000), 0, CouponState.Issued),
        row("k2", "m2", "赵敏", 0, Worth.Amount(5_000), 1, CouponState.HandedOver),
        row("k3", "m3", "欧阳雪梅", 1, Worth.Percent(1_000, 20_000), 3, CouponState.Redeemed),
        row("k4", "m4", "徐静雪", 2, Worth.Gift("真丝方巾"), 5, CouponState.Void),
        row("k5", "m5", "冯芳", 0, Worth.Amount(5_000), 12, CouponState.Expired),
        row("k6", "m6", "Alice Wong", 0, Worth.Amount(5_000), 2, CouponState.Refused),
    )

    fun ofMember(coupon: CouponRow) = MemberCoupon(coupon.id, coupon.campaign, coupon.worth, coupon.lastDay, coupon.state)

    fun card(row: CouponRow) = CouponCard(row, 50_000, listOf("红荔路店"), "K7QM-2XPA-9D4F-WV8H", qr, bars)

    /** Looks like a QR code and says nothing: three finders and made-up modules. */
    private val qr = 37.let { side ->
        fun finder(x: Int, y: Int): Boolean? {
            val edge = listOf(x to y, side - 1 - x to y, x to side - 1 - y).firstOrNull { (a, b) -> a < 8 && b < 8 } ?: return null
            val (a, b) = edge
            val ring = maxOf(kotlin.math.abs(a - 3), kotlin.math.abs(b - 3))
            return ring != 2 && ring != 4
        }
        QrModules(side, List(side * side) { finder(it % side, it / side) ?: ((it * 2_654_435_761L ushr 7) % 2 == 0L) })
    }

    private val bars = List(121) { 1 + (it * 40_503 ushr 3) % 3 }
}
