package guidebook.ui.member

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import guidebook.ui.app.Place
import guidebook.ui.book.MemberCoupon
import guidebook.ui.coupons.CouponStateBadge
import guidebook.ui.parts.Line
import guidebook.ui.parts.Nothing
import guidebook.ui.parts.QuietButton
import guidebook.ui.parts.Section
import guidebook.ui.theme.Icons
import guidebook.ui.theme.touch
import guidebook.ui.words.LocalWords
import java.time.LocalDate

/** What she has had, and the way to another. */
@Composable
internal fun CouponsCard(member: String, coupons: List<MemberCoupon>, today: LocalDate, deeds: MemberDeeds) {
    val words = LocalWords.current
    val give = @Composable { QuietButton(words.couponGive, icon = Icons.Ticket) { deeds.go(Place.IssueCoupon(member)) } }
    Section(words.coupons, trailing = give) {
        if (coupons.isEmpty()) Nothing(words.memberNoCoupons)
        coupons.forEachIndexed { index, coupon ->
            if (index > 0) Line()
            val opened = coupon.coupon
            val touched = if (opened == null) {
                Modifier.semantics(mergeDescendants = true) {}
            } else {
                Modifier.clickable(role = Role.Button) { deeds.go(Place.Coupon(opened)) }
            }
            Row(
                touched.fillMaxWidth().heightIn(min = touch).padding(horizontal = 16.dp, vertical = 10.dp),
                Arrangement.spacedBy(12.dp),
                Alignment.CenterVertically,
            ) {
                Column(Modifier.weight(1f)) {
                    Text(
                        coupon.worth?.let(words::worth) ?: words.couponNoWorth,
                        color = MaterialTheme.colorScheme.onSurface,
                        style = MaterialTheme.typography.bodyLarge,
                    )
                    Text(
                        coupon.campaign + " · " + words.validThrough(words.day(coupon.lastDay, today)),
                        color = MaterialTheme.colorScheme.onSurfaceVariant,
                        style = MaterialTheme.typography.bodySmall,
                    )
                }
                CouponStateBadge(coupon.state)
            }
        }
    }
}
