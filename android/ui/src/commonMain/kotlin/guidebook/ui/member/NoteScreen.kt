package guidebook.ui.member

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableLongStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.members.Chips
import guidebook.ui.parts.ChipState
import guidebook.ui.parts.LongField
import guidebook.ui.parts.MainButton
import guidebook.ui.parts.Sheet
import guidebook.ui.parts.TouchChip
import guidebook.ui.words.LocalWords
import java.time.LocalDate

@Composable
internal fun writing(app: AppModel, place: Place, member: String): WritingPresenter =
    app.presenter(place) { WritingPresenter(member, app.book, app.notices, app.navigator, it) }

@Composable
fun NoteScreen(app: AppModel, member: String) {
    val presenter = writing(app, Place.Note(member), member)
    val state by presenter.state.collectAsState()
    NoteView(state, presenter::note) { app.navigator.back() }
}

/** A field that is ready to be written in, and one button. */
@Composable
fun NoteView(state: Writing?, onSave: (String) -> Unit, onClose: () -> Unit) {
    val words = LocalWords.current
    var text by rememberSaveable { mutableStateOf("") }
    val limit = state?.limits?.note ?: Int.MAX_VALUE
    Sheet(
        titled(state, words.noteTitle),
        onClose,
        foot = { MainButton(words.save, enabled = state != null && text.fits(limit)) { onSave(text) } },
    ) {
        LongField(words.noteHint, text, limit, { text = it }, lines = 5, focused = true)
    }
}

@Composable
fun FollowUpScreen(app: AppModel, member: String) {
    val presenter = writing(app, Place.FollowUp(member), member)
    val state by presenter.state.collectAsState()
    FollowUpView(state, LocalDate.now(app.services.clock), presenter::followUp) { app.navigator.back() }
}

@Composable
fun FollowUpView(state: Writing?, today: LocalDate, onSave: (String, LocalDate) -> Unit, onClose: () -> Unit) {
    val words = LocalWords.current
    var text by rememberSaveable { mutableStateOf("") }
    var days by rememberSaveable { mutableLongStateOf(1) }
    val limit = state?.limits?.note ?: Int.MAX_VALUE
    Sheet(
        titled(state, words.followUpTitle),
        onClose,
        foot = { MainButton(words.save, enabled = state != null && text.fits(limit)) { onSave(text, today.plusDays(days)) } },
    ) {
        LongField(words.followUpHint, text, limit, { text = it }, lines = 2, focused = true)
        Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
            Row(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
                Text(words.followUpWhen, color = MaterialTheme.colorScheme.onBackground, style = MaterialTheme.typography.titleSmall)
                Text(
                    words.day(today.plusDays(days), today),
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                    style = MaterialTheme.typography.bodyMedium,
                )
            }
            Chips {
                for ((ahead, name) in listOf(1L to words.tomorrow, 3L to words.inThreeDays, 7L to words.inAWeek, 30L to words.inAMonth)) {
                    TouchChip(name, if (days == ahead) ChipState.On else ChipState.Off, single = true) { days = ahead }
                }
            }
        }
    }
}

internal fun titled(state: Writing?, title: String) = if (state == null) title else "${state.name} · $title"

internal fun String.fits(limit: Int) = isNotBlank() && codePointCount(0, length) <= limit
