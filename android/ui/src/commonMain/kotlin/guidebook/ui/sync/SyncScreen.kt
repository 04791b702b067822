package guidebook.ui.sync

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.app.SyncStatus
import guidebook.ui.book.EditKind
import guidebook.ui.book.Fate
import guidebook.ui.parts.Line
import guidebook.ui.parts.MainButton
import guidebook.ui.parts.Nothing
import guidebook.ui.parts.Page
import guidebook.ui.parts.Section
import guidebook.ui.parts.besideText
import guidebook.ui.parts.said
import guidebook.ui.theme.Icons
import guidebook.ui.theme.colours
import guidebook.ui.theme.touch
import guidebook.ui.words.LocalWords
import guidebook.ui.words.Words
import java.time.Instant

@Composable
fun SyncScreen(app: AppModel, onBack: (() -> Unit)?) {
    val presenter = app.presenter(Place.Sync) { SyncPresenter(app.book, it) }
    val state by presenter.state.collectAsState()
    val status by app.sync.status.collectAsState()
    DisposableEffect(Unit) { onDispose { app.sync.seen(app.services.clock.instant()) } }
    SyncView(state, status, app.services.clock.instant(), app.sync::now, { app.navigator.go(Place.Edit(it)) }, onBack)
}

/** How it stands in one sentence, what needs her, what waits, what has arrived. */
@Composable
fun SyncView(state: SyncListState, status: SyncStatus?, now: Instant, onSync: () -> Unit, onEdit: (String) -> Unit, onBack: (() -> Unit)?) {
    val words = LocalWords.current
    Page(words.syncTitle, onBack) {
        Section(null) {
            Column(Modifier.fillMaxWidth().padding(16.dp), Arrangement.spacedBy(10.dp)) {
                Text(
                    status.said(now, words),
                    Modifier.semantics { liveRegion = LiveRegionMode.Polite },
                    color = MaterialTheme.colorScheme.onSurface,
                    style = MaterialTheme.typography.titleLarge,
                )
                status?.state?.lastContact?.let {
                    Text(
                        words.lastContact(words.at(it, now)),
                        color = MaterialTheme.colorScheme.onSurfaceVariant,
                        style = MaterialTheme.typography.bodyMedium,
                    )
                }
                if ((status?.state?.waiting ?: 0) > 0) {
                    Text(words.syncSafe, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
                }
                val running = status?.state?.running == true
                MainButton(if (running) words.fetchingNow else words.syncNow, enabled = !running, icon = Icons.Again, onClick = onSync)
            }
        }
        when (state) {
            SyncListState.Loading -> Nothing(words.loading)
            is SyncListState.Failed -> Nothing(words.problem(state.problem))
            is SyncListState.Shown -> Lists(state, now, onEdit)
        }
    }
}

@Composable
private fun Lists(state: SyncListState.Shown, now: Instant, onEdit: (String) -> Unit) {
    val words = LocalWords.current
    if (state.needsYou.isNotEmpty()) EditList(words.needsYou, state.needsYou, now, onEdit)
    if (state.waits.isNotEmpty()) {
        EditList(words.waits, state.waits, now, onEdit)
    } else {
        Section(words.waits) { Nothing(words.nothingWaits) }
    }
    if (state.answered.isNotEmpty()) EditList(words.answered, state.answered, now, onEdit)
}

@Composable
private fun EditList(title: String, lines: List<EditLine>, now: Instant, onEdit: (String) -> Unit) {
    Section(title) {
        lines.forEachIndexed { index, line ->
            if (index > 0) Line()
            EditLineRow(line, now) { onEdit(line.edit.id) }
        }
    }
}

@Composable
private fun EditLineRow(line: EditLine, now: Instant, onClick: () -> Unit) {
    val words = LocalWords.current
    Row(
        Modifier.fillMaxWidth().clickable(role = Role.Button, onClick = onClick).heightIn(min = touch).padding(horizontal = 16.dp, vertical = 10.dp),
        Arrangement.spacedBy(12.dp),
        Alignment.CenterVertically,
    ) {
        Icon(line.edit.fate.icon(), null, Modifier.size(besideText(20.dp)), line.edit.fate.tint())
        Column(Modifier.weight(1f)) {
            Text(
                line.what(words),
                color = MaterialTheme.colorScheme.onSurface,
                maxLines = 2,
                overflow = TextOverflow.Ellipsis,
                style = MaterialTheme.typography.bodyLarge,
            )
            val who = listOfNotNull(line.name, words.at(line.edit.at, now)).joinToString(" · ")
            Text(who, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodySmall)
            if (line.edit.fate.needsHer()) {
                Text(line.edit.fate.said(words), color = line.edit.fate.tint(), style = MaterialTheme.typography.bodySmall)
            }
        }
        Icon(Icons.Forward, null, Modifier.size(besideText(18.dp)), MaterialTheme.colorScheme.onSurfaceVariant)
    }
}

/** `标签:打上“送礼”`; for a text that speaks for itself, the kind goes before it. */
internal fun EditLine.what(words: Words): String {
    val what = words.what(edit.kind, edit.what)
    return when (edit.kind) {
        EditKind.Tag, EditKind.Choice, EditKind.NoteWithdrawal, EditKind.FollowUpDone -> what
        EditKind.Note, EditKind.FollowUp, EditKind.Field, EditKind.Enrolment, EditKind.PersonalTag, EditKind.Reveal,
        EditKind.Coupon, EditKind.CouponVoid, EditKind.Surrender,
        ->
            if (what.isEmpty()) words.kind(edit.kind) else "${words.kind(edit.kind)} · $what"
    }
}

internal fun Fate.said(words: Words) = when (this) {
    Fate.Waiting -> words.fateWaiting
    Fate.Applied -> words.fateApplied
    is Fate.Superseded -> words.fateSuperseded
    is Fate.Redirected -> words.fateRedirected
    is Fate.Refused -> words.fateRefused
}

internal fun Fate.icon(): ImageVector = when (this) {
    Fate.Waiting -> Icons.Up
    Fate.Applied -> Icons.Check
    is Fate.Superseded -> Icons.Alert
    is Fate.Redirected -> Icons.Forward
    is Fate.Refused -> Icons.Alert
}

@Composable
internal fun Fate.tint(): Color = when (this) {
    Fate.Waiting -> colours.pending
    Fate.Applied, is Fate.Redirected -> MaterialTheme.colorScheme.primary
    is Fate.Superseded, is Fate.Refused -> MaterialTheme.colorScheme.error
}
