package guidebook.ui.sync

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.book.EditKind
import guidebook.ui.book.Fate
import guidebook.ui.parts.MainButton
import guidebook.ui.parts.Page
import guidebook.ui.parts.QuietButton
import guidebook.ui.parts.Reading
import guidebook.ui.parts.Section
import guidebook.ui.parts.besideText
import guidebook.ui.theme.Icons
import guidebook.ui.words.LocalWords
import guidebook.ui.words.Words
import java.time.Instant

/** What she can do about an edit. */
class EditDeeds(val applyAgain: () -> Unit, val undo: () -> Unit, val open: (String) -> Unit)

@Composable
fun EditScreen(app: AppModel, id: String, onBack: (() -> Unit)?) {
    val presenter = app.presenter(Place.Edit(id)) { EditPresenter(id, app.book, app.notices, app.navigator, it) }
    val state by presenter.state.collectAsState()
    val deeds = EditDeeds(presenter::applyAgain, presenter::undo) { app.navigator.go(Place.Member(it)) }
    EditView(state, app.services.clock.instant(), deeds, onBack)
}

/** What she did, what became of it and why, and the way back to it. */
@Composable
fun EditView(state: EditLine?, now: Instant, deeds: EditDeeds, onBack: (() -> Unit)?) {
    val words = LocalWords.current
    Page(words.editTitle, onBack) {
        if (state == null) return@Page Reading()
        Section(words.whatYouDid) {
            Column(Modifier.fillMaxWidth().padding(16.dp), Arrangement.spacedBy(4.dp)) {
                Text(state.what(words), color = MaterialTheme.colorScheme.onSurface, style = MaterialTheme.typography.titleMedium)
                val who = listOfNotNull(state.name, words.at(state.edit.at, now)).joinToString(" · ")
                Text(who, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
            }
        }
        Section(words.whatHappened) {
            Column(Modifier.fillMaxWidth().padding(16.dp), Arrangement.spacedBy(8.dp)) {
                val fate = state.edit.fate
                Row(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically) {
                    Icon(fate.icon(), null, Modifier.size(besideText(20.dp)), fate.tint())
                    Text(fate.said(words), color = fate.tint(), style = MaterialTheme.typography.titleMedium)
                }
                Text(fate.why(state.edit.kind, words, now), color = MaterialTheme.colorScheme.onSurface, style = MaterialTheme.typography.bodyLarge)
            }
        }
        if (state.edit.fate.needsHer()) MainButton(words.applyAgain, icon = Icons.Again, onClick = deeds.applyAgain)
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp)) {
            state.edit.member?.takeIf { state.name != null }?.let { QuietButton(words.openMember, icon = Icons.Forward) { deeds.open(it) } }
            if (state.edit.undoable) QuietButton(words.undo, icon = Icons.Undo, onClick = deeds.undo)
        }
    }
}

private fun Fate.why(kind: EditKind, words: Words, now: Instant) = when (this) {
    Fate.Waiting -> words.fateWaitingWhy
    Fate.Applied -> words.fateAppliedWhy
    is Fate.Superseded -> words.fateSupersededWhy(guide, words.at(at, now), words.what(kind, with))
    is Fate.Redirected -> words.fateRedirectedWhy
    is Fate.Refused -> words.refusal(reason)
}
