package guidebook.ui.member

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.book.RevealReason
import guidebook.ui.parts.Line
import guidebook.ui.parts.MainButton
import guidebook.ui.parts.Sheet
import guidebook.ui.settings.ChoiceLine
import guidebook.ui.theme.Icons
import guidebook.ui.theme.colours
import guidebook.ui.words.LocalWords

@Composable
fun RevealScreen(app: AppModel, member: String) {
    val presenter = app.presenter(Place.Reveal(member)) { RevealPresenter(member, app.book, app.services.dialler, it) }
    val state by presenter.state.collectAsState()
    RevealView(state, presenter::reveal, { presenter.dial(it) }) { app.navigator.back() }
}

/** The reason first, then the number. */
@Composable
fun RevealView(state: RevealState, onReason: (RevealReason) -> Unit, onDial: (String) -> Unit, onClose: () -> Unit) {
    val words = LocalWords.current
    Sheet(words.revealTitle, onClose) {
        when (state) {
            RevealState.Asking -> {
                Text(words.revealLead, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
                Surface(Modifier.fillMaxWidth(), MaterialTheme.shapes.medium, colours.card) {
                    Column {
                        RevealReason.entries.forEachIndexed { index, reason ->
                            if (index > 0) Line()
                            ChoiceLine(words.revealReason(reason)) { onReason(reason) }
                        }
                    }
                }
            }
            is RevealState.Failed -> Text(
                words.problem(state.problem),
                color = MaterialTheme.colorScheme.error,
                style = MaterialTheme.typography.bodyLarge,
            )
            is RevealState.Number -> {
                SelectionContainer {
                    Text(
                        state.number.spaced(),
                        Modifier.fillMaxWidth().padding(vertical = 12.dp),
                        color = MaterialTheme.colorScheme.onBackground,
                        textAlign = TextAlign.Center,
                        style = MaterialTheme.typography.displaySmall,
                    )
                }
                MainButton(words.callNow, icon = Icons.Phone) { onDial(state.number) }
                Text(
                    words.revealed,
                    Modifier.fillMaxWidth(),
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                    textAlign = TextAlign.Center,
                    style = MaterialTheme.typography.bodySmall,
                )
            }
        }
    }
}

/** 138 1234 5678: as it is read aloud. */
private fun String.spaced() = if (length == MOBILE) "${take(3)} ${substring(3, 7)} ${drop(7)}" else this

private const val MOBILE = 11
