package guidebook.ui.coupons

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.book.CouponCard
import guidebook.ui.book.CouponState
import guidebook.ui.parts.Around
import guidebook.ui.parts.Balanced
import guidebook.ui.parts.MainButton
import guidebook.ui.parts.Page
import guidebook.ui.parts.QuietButton
import guidebook.ui.parts.Reading
import guidebook.ui.parts.Statement
import guidebook.ui.theme.Icons
import guidebook.ui.theme.colours
import guidebook.ui.words.LocalWords

@Composable
fun CouponScreen(app: AppModel, id: String, onBack: (() -> Unit)?) {
    val presenter = app.presenter(Place.Coupon(id)) { CouponPresenter(id, app.book, app.notices, it) }
    val state by presenter.state.collectAsState()
    val lit = (state as? CardState.Shown)?.card?.usable() == true
    // A till's reader wants a bright screen.
    DisposableEffect(lit) {
        app.services.brightness.full(lit)
        onDispose { app.services.brightness.full(false) }
    }
    val words = LocalWords.current
    val deeds = CouponDeeds(presenter::handOver, presenter::void, app.services.sharer?.let { { presenter.send(it, words) } })
    CouponView(state, deeds, onBack)
}

private fun CouponCard.usable() = row.state == CouponState.Issued || row.state == CouponState.HandedOver

/** What can be done with a coupon; [send] where the machine can hand a text to another app. */
class CouponDeeds(val handOver: () -> Unit, val void: () -> Unit, val send: (() -> Unit)?)

/** The card that the customer and the cashier see. */
@Composable
fun CouponView(state: CardState, deeds: CouponDeeds, onBack: (() -> Unit)?) {
    val words = LocalWords.current
    when (state) {
        CardState.Loading -> Around("", onBack) { Reading() }
        CardState.Gone -> Around("", onBack) { Statement(Icons.Ticket, words.couponGoneTitle, words.couponGoneLead) }
        is CardState.Failed -> Around("", onBack) { Statement(Icons.Alert, words.faultTitle, words.problem(state.problem)) }
        is CardState.Shown -> Page("", onBack, widest = 760.dp) {
            BoxWithConstraints(Modifier.fillMaxWidth()) {
                // Where there is room what can be done stands beside the card, so that it is in sight with it.
                if (maxWidth >= BESIDE && state.card.usable()) {
                    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(24.dp), Alignment.CenterVertically) {
                        Card(state.card, Modifier.width(CARD))
                        Deeds(state.card, deeds, Modifier.weight(1f))
                    }
                } else {
                    Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(14.dp), Alignment.CenterHorizontally) {
                        Card(state.card)
                        Deeds(state.card, deeds)
                    }
                }
            }
        }
    }
}

@Composable
private fun Deeds(card: CouponCard, deeds: CouponDeeds, modifier: Modifier = Modifier) = Column(
    modifier.fillMaxWidth(),
    Arrangement.spacedBy(14.dp),
    Alignment.CenterHorizontally,
) {
    val words = LocalWords.current
    val issued = card.row.state == CouponState.Issued
    if (card.row.waiting && card.usable()) Told(words.couponUnsent)
    if (issued) MainButton(words.couponHandOver, Modifier.widthIn(max = CARD)) { deeds.handOver() }
    if (card.usable() && deeds.send != null) QuietButton(words.couponSend) { deeds.send() }
    if (issued) {
        QuietButton(words.couponVoid) { deeds.void() }
        Told(words.couponVoidWhy)
    }
}

@Composable
private fun Told(text: String) = Balanced(text, MaterialTheme.colorScheme.onSurfaceVariant, MaterialTheme.typography.bodySmall)

/** White in the dark as well, as long as a machine may read it. */
@Composable
private fun Card(card: CouponCard, modifier: Modifier = Modifier) {
    val words = LocalWords.current
    val paper = if (card.usable()) Color.White else colours.card
    val ink = if (card.usable()) Ink else MaterialTheme.colorScheme.onSurface
    Surface(modifier.widthIn(max = CARD).fillMaxWidth(), MaterialTheme.shapes.large, paper, ink, shadowElevation = 2.dp) {
        Column(Modifier.padding(20.dp), Arrangement.spacedBy(10.dp), Alignment.CenterHorizontally) {
            Text(
                words.worth(card.row.worth),
                Modifier.semantics { heading() },
                textAlign = TextAlign.Center,
                style = MaterialTheme.typography.headlineMedium,
            )
            Text(card.row.campaign, textAlign = TextAlign.Center, style = MaterialTheme.typography.titleMedium)
            if (card.usable()) {
                QrImage(card.qr, words.qrSaid(card.code), Modifier.fillMaxWidth().padding(top = 4.dp))
                SelectionContainer {
                    Text(card.code, textAlign = TextAlign.Center, fontFamily = FontFamily.Monospace, style = MaterialTheme.typography.titleMedium)
                }
                BarImage(card.bars, 56.dp, words.couponBar)
                Text(words.couponCodes, color = Faint, textAlign = TextAlign.Center, style = MaterialTheme.typography.bodySmall)
            } else {
                Box(Modifier.padding(vertical = 24.dp)) { CouponStateBadge(card.row.state) }
            }
            Terms(card)
        }
    }
}

@Composable
private fun Terms(card: CouponCard) {
    val words = LocalWords.current
    Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(2.dp), Alignment.CenterHorizontally) {
        Term(words.leastSpend(card.leastSpendFen))
        Term(words.lastDay(card.row.lastDay))
        Term(words.onlyIn(card.stores))
        card.row.memberName?.let { Term(it) }
    }
}

@Composable
private fun Term(text: String) = Text(text, textAlign = TextAlign.Center, style = MaterialTheme.typography.bodyMedium)

private val CARD = 400.dp
private val BESIDE = CARD + 224.dp
private val Ink = Color(0xFF1B1B1B)
private val Faint = Color(0xFF5A5F5C)
