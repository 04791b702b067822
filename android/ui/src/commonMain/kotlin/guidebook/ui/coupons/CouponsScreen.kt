package guidebook.ui.coupons

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
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.book.Campaign
import guidebook.ui.book.CouponRow
import guidebook.ui.book.CouponState
import guidebook.ui.parts.Around
import guidebook.ui.parts.Badge
import guidebook.ui.parts.Line
import guidebook.ui.parts.Nothing
import guidebook.ui.parts.Page
import guidebook.ui.parts.Reading
import guidebook.ui.parts.Section
import guidebook.ui.parts.Statement
import guidebook.ui.theme.Icons
import guidebook.ui.theme.touch
import guidebook.ui.words.LocalWords
import java.time.LocalDate

@Composable
fun CouponsScreen(app: AppModel, onBack: (() -> Unit)?) {
    val presenter = app.presenter(Place.Coupons) { CouponsPresenter(app.book, it) }
    val state by presenter.state.collectAsState()
    CouponsView(state, LocalDate.now(app.services.clock), { app.navigator.go(Place.Coupon(it.id)) }, presenter::more, onBack)
}

/** What can be given out, then what was. */
@Composable
fun CouponsView(state: CouponsState, today: LocalDate, onOpen: (CouponRow) -> Unit, onMore: () -> Unit, onBack: (() -> Unit)?) {
    val words = LocalWords.current
    when (state) {
        CouponsState.Loading -> Around(words.coupons, onBack) { Reading() }
        is CouponsState.Failed -> Around(words.coupons, onBack) { Statement(Icons.Alert, words.faultTitle, words.problem(state.problem)) }
        is CouponsState.Shown -> Page(words.coupons, onBack) {
            Section(words.campaigns) {
                if (state.campaigns.isEmpty()) Nothing(words.noCampaigns)
                state.campaigns.forEachIndexed { index, campaign ->
                    if (index > 0) Line()
                    CampaignLine(campaign, today, Modifier.semantics(mergeDescendants = true) {})
                }
            }
            Section(words.couponsGiven) {
                if (state.coupons.isEmpty()) Nothing(words.noCouponsTitle)
                state.coupons.forEachIndexed { index, coupon ->
                    if (index > 0) Line()
                    CouponLine(coupon, today) { onOpen(coupon) }
                }
                val more by rememberUpdatedState(onMore)
                if (state.more) LaunchedEffect(state.coupons.size) { more() }
            }
        }
    }
}

/** A campaign: its name, what it is worth, what is left, and why nothing of it can be given out if so. */
@Composable
internal fun CampaignLine(campaign: Campaign, today: LocalDate, modifier: Modifier = Modifier) {
    val words = LocalWords.current
    Column(modifier.fillMaxWidth().padding(horizontal = 16.dp, vertical = 12.dp), Arrangement.spacedBy(3.dp)) {
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
            Text(campaign.name, Modifier.weight(1f), color = MaterialTheme.colorScheme.onSurface, style = MaterialTheme.typography.bodyLarge)
            if (campaign.bar == null) {
                Text(words.left(campaign.left), color = MaterialTheme.colorScheme.primary, style = MaterialTheme.typography.labelLarge)
            }
        }
        Text(
            campaign.terms(words, today),
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            style = MaterialTheme.typography.bodySmall,
        )
        campaign.bar?.let { Text(words.bar(it, today), color = MaterialTheme.colorScheme.error, style = MaterialTheme.typography.bodySmall) }
    }
}

@Composable
private fun CouponLine(coupon: CouponRow, today: LocalDate, onOpen: () -> Unit) {
    val words = LocalWords.current
    Row(
        Modifier.fillMaxWidth().clickable(role = Role.Button, onClick = onOpen).heightIn(min = touch)
            .padding(horizontal = 16.dp, vertical = 10.dp),
        Arrangement.spacedBy(12.dp),
        Alignment.CenterVertically,
    ) {
        Column(Modifier.weight(1f), Arrangement.spacedBy(2.dp)) {
            Text(
                listOfNotNull(words.worth(coupon.worth), coupon.memberName).joinToString(" · "),
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

@Composable
internal fun CouponStateBadge(state: CouponState) {
    val colours = MaterialTheme.colorScheme
    val (background, foreground) = when (state) {
        CouponState.Issued, CouponState.HandedOver -> colours.primaryContainer to colours.onPrimaryContainer
        CouponState.Redeemed -> colours.tertiaryContainer to colours.onTertiaryContainer
        CouponState.Expired, CouponState.Void -> colours.surfaceContainerHigh to colours.onSurfaceVariant
        CouponState.Refused -> colours.errorContainer to colours.onErrorContainer
    }
    Badge(LocalWords.current.couponState(state), background, foreground)
}
