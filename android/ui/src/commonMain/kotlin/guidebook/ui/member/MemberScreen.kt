package guidebook.ui.member

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.IntrinsicSize
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.book.FollowUp
import guidebook.ui.book.Member
import guidebook.ui.book.MemberRow
import guidebook.ui.parts.Around
import guidebook.ui.parts.Avatar
import guidebook.ui.parts.DeedButton
import guidebook.ui.parts.IconTouch
import guidebook.ui.parts.LevelBadge
import guidebook.ui.parts.MainButton
import guidebook.ui.parts.Page
import guidebook.ui.parts.Reading
import guidebook.ui.parts.Statement
import guidebook.ui.parts.besideText
import guidebook.ui.theme.Icons
import guidebook.ui.theme.colours
import guidebook.ui.words.LocalWords
import java.time.Instant
import java.time.LocalDate

/** What she can do about a member. */
class MemberDeeds(
    val call: () -> Unit,
    val go: (Place) -> Unit,
    val done: (FollowUp, Boolean) -> Unit,
)

/** The member [id]; [onBack] is null where she stands beside the list. */
@Composable
fun MemberScreen(app: AppModel, id: String, onBack: (() -> Unit)?) {
    val presenter = app.presenter(Place.Member(id)) {
        MemberPresenter(id, app.book, app.notices, app.navigator, app.services.dialler, it)
    }
    val state by presenter.state.collectAsState()
    val deeds = remember(presenter) { MemberDeeds(presenter::call, app.navigator::go, presenter::setDone) }
    MemberView(state, app.services.clock.instant(), LocalDate.now(app.services.clock), deeds, onBack)
}

@Composable
fun MemberView(state: MemberState, now: Instant, today: LocalDate, deeds: MemberDeeds, onBack: (() -> Unit)?) {
    val words = LocalWords.current
    when (state) {
        MemberState.Loading -> Around("", onBack) { Reading() }
        MemberState.Gone -> Around("", onBack) {
            Statement(Icons.Swap, words.memberGoneTitle, words.memberGoneLead) { if (onBack != null) MainButton(words.back, onClick = onBack) }
        }
        is MemberState.Failed -> Around("", onBack) { Statement(Icons.Alert, words.faultTitle, words.problem(state.problem)) }
        is MemberState.Shown -> Page("", onBack, { IconTouch(Icons.Eye, words.reveal) { deeds.go(Place.Reveal(state.member.row.id)) } }) {
            val row = state.member.row
            Head(row)
            Marks(state.member, today)
            Figures(state.member)
            if (row.waiting > 0) Marked(Icons.Up, words.waitingMark(row.waiting), colours.pending)
            Deeds(row.id, deeds)
            FollowUps(state.member, today, deeds)
            TagsCard(state.member, state.groups, deeds)
            CouponsCard(state.member.row.id, state.coupons, today, deeds)
            NotesCard(state.member, now, deeds)
            SpendCard(state.member, today)
            DetailsCard(state.member, deeds)
            PurchasesCard(state.member, today)
            MembershipCard(state.member, today)
        }
    }
}

@Composable
private fun Head(row: MemberRow) {
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(14.dp), Alignment.CenterVertically) {
        Avatar(row.name, Modifier)
        Column(Modifier.weight(1f), Arrangement.spacedBy(2.dp)) {
            Text(
                if (row.remarkName.isEmpty()) row.name else "${row.name} · ${row.remarkName}",
                Modifier.semantics { heading() },
                color = MaterialTheme.colorScheme.onBackground,
                style = MaterialTheme.typography.headlineSmall,
            )
            Row(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically) {
                if (row.level.isNotEmpty()) LevelBadge(row.level)
                if (row.maskedPhone.isNotEmpty()) {
                    Text(row.maskedPhone, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
                }
            }
        }
    }
}

/** What is near: her birthday, when she usually comes back, what is about used up. */
@Composable
private fun Marks(member: Member, today: LocalDate) {
    val words = LocalWords.current
    val days = member.row.daysToBirthday
    if (days != null && days <= MARKED_DAYS) Marked(Icons.Gift, words.birthdayIn(days), colours.birthday)
    val back = member.usualReturn
    if (back != null && member.cadenceDays != null) {
        Marked(
            Icons.Clock,
            words.cadence(member.cadenceDays) + " · " + words.usualReturn(words.day(back, today), late = back < today),
            if (back <= today) colours.due else MaterialTheme.colorScheme.onSurfaceVariant,
        )
    }
    for (used in member.replenishments.sortedByDescending { it.due }.take(MARKED_PRODUCTS)) {
        Marked(Icons.Again, words.replenish(used.product, words.day(used.due, today), late = used.due < today), MaterialTheme.colorScheme.onSurfaceVariant)
    }
}

private const val MARKED_DAYS = 30

/** Of what is about used up: the latest. */
private const val MARKED_PRODUCTS = 2

@Composable
private fun Marked(icon: ImageVector, text: String, colour: Color) {
    Row(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
        Icon(icon, null, Modifier.padding(top = 1.dp).size(besideText(18.dp)), colour)
        Text(text, color = colour, style = MaterialTheme.typography.bodyMedium)
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Figures(member: Member) {
    val words = LocalWords.current
    // A figure that is cut off is another figure: each takes the room that it wants.
    FlowRow(Modifier.fillMaxWidth().padding(vertical = 2.dp), Arrangement.spacedBy(20.dp), Arrangement.spacedBy(8.dp)) {
        Figure(words.moneyShort(member.row.spendFen), words.spendTotal)
        Figure(words.count(member.orders.toLong()), words.orders)
        Figure(words.count(member.points), words.points)
    }
}

@Composable
private fun Figure(figure: String, what: String) {
    Column(Modifier.widthIn(min = 108.dp).semantics(mergeDescendants = true) {}) {
        Text(figure, color = MaterialTheme.colorScheme.onBackground, style = MaterialTheme.typography.titleLarge, maxLines = 1)
        Text(what, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodySmall)
    }
}

@Composable
private fun Deeds(id: String, deeds: MemberDeeds) {
    val words = LocalWords.current
    Row(Modifier.fillMaxWidth().height(IntrinsicSize.Min), Arrangement.spacedBy(8.dp)) {
        DeedButton(Icons.Phone, words.call, Modifier.weight(1f).fillMaxHeight()) { deeds.call() }
        DeedButton(Icons.Note, words.note, Modifier.weight(1f).fillMaxHeight()) { deeds.go(Place.Note(id)) }
        DeedButton(Icons.Tag, words.tags, Modifier.weight(1f).fillMaxHeight()) { deeds.go(Place.Tags(id)) }
        DeedButton(Icons.Calendar, words.followUp, Modifier.weight(1f).fillMaxHeight()) { deeds.go(Place.FollowUp(id)) }
    }
}
