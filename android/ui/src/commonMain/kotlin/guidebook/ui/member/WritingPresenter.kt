package guidebook.ui.member

import guidebook.ui.app.Dialler
import guidebook.ui.app.Navigator
import guidebook.ui.app.Notice
import guidebook.ui.app.Notices
import guidebook.ui.app.Presenter
import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.Field
import guidebook.ui.book.Limits
import guidebook.ui.book.Problem
import guidebook.ui.book.RevealReason
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch
import java.time.LocalDate

/** What she is about to write on: the name for the title, the fields as they are, how long a text may be. */
data class Writing(val name: String, val fields: Map<Field, String>, val limits: Limits)

/** Note, follow-up and fields: each sheet writes once and closes. */
class WritingPresenter(
    private val member: String,
    private val book: Book,
    private val notices: Notices,
    private val navigator: Navigator,
    scope: CoroutineScope,
) : Presenter(scope) {
    private val shown = MutableStateFlow<Writing?>(null)

    /** Null until it is read. */
    val state: StateFlow<Writing?> = shown

    init {
        scope.launch {
            try {
                val her = book.member(member)
                shown.value = Writing(her.row.remarkName.ifEmpty { her.row.name }, her.fields, book.limits())
            } catch (e: BookException) {
                notices.say(Notice({ it.problem(e.problem) }))
                navigator.back()
            }
        }
    }

    fun note(text: String) = notices.edit({ it.noteSaved }, { navigator.back() }) { writeNote(member, text.trim()) }

    fun followUp(text: String, due: LocalDate) =
        notices.edit({ it.followUpSaved }, { navigator.back() }) { addFollowUp(member, text.trim(), due) }

    /** Writes the fields that differ. The sheet stays open if one is refused. */
    fun fields(values: Map<Field, String>) {
        val before = shown.value?.fields ?: return
        val changed = values.filter { (field, value) -> value.trim() != before[field].orEmpty() }
        if (changed.isEmpty()) {
            navigator.back()
            return
        }
        notices.edit({ it.fieldsSaved }, { navigator.back() }) { changed.map { (field, value) -> setField(member, field, value) }.last() }
    }
}

sealed interface RevealState {
    data object Asking : RevealState

    data class Number(val number: String) : RevealState

    data class Failed(val problem: Problem) : RevealState
}

/** The full number, for a reason that goes on record. */
class RevealPresenter(private val member: String, private val book: Book, private val dialler: Dialler, scope: CoroutineScope) : Presenter(scope) {
    private val shown = MutableStateFlow<RevealState>(RevealState.Asking)
    val state: StateFlow<RevealState> = shown

    fun reveal(reason: RevealReason) {
        scope.launch {
            shown.value = try {
                RevealState.Number(book.revealPhone(member, reason))
            } catch (e: BookException) {
                RevealState.Failed(e.problem)
            }
        }
    }

    fun dial(number: String) = dialler.dial(number)
}
