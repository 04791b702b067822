package guidebook.ui.sync

import guidebook.ui.app.Navigator
import guidebook.ui.app.Notice
import guidebook.ui.app.Notices
import guidebook.ui.app.Place
import guidebook.ui.app.Presenter
import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.Change
import guidebook.ui.book.Edit
import guidebook.ui.book.Fate
import guidebook.ui.book.Problem
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch

/** An edit with the name of the member it is about, where she is still in the book. */
data class EditLine(val edit: Edit, val name: String?)

sealed interface SyncListState {
    data object Loading : SyncListState

    data class Failed(val problem: Problem) : SyncListState

    data class Shown(val needsYou: List<EditLine>, val waits: List<EditLine>, val answered: List<EditLine>) : SyncListState
}

/** The latest edits, in the order in which they matter to her. */
class SyncPresenter(private val book: Book, scope: CoroutineScope) : Presenter(scope) {
    private val shown = MutableStateFlow<SyncListState>(SyncListState.Loading)
    val state: StateFlow<SyncListState> = shown

    init {
        scope.launch { book.changes.collect { if (it is Change.Members || it == Change.SyncState) read() } }
        scope.launch { read() }
    }

    private suspend fun read() {
        shown.value = try {
            val lines = book.edits(null, 0, LATEST).map { EditLine(it, book.nameOf(it)) }
            SyncListState.Shown(
                needsYou = lines.filter { it.edit.fate.needsHer() },
                waits = lines.filter { it.edit.fate == Fate.Waiting },
                answered = lines.filter { it.edit.fate == Fate.Applied || it.edit.fate is Fate.Redirected },
            )
        } catch (e: BookException) {
            SyncListState.Failed(e.problem)
        }
    }

    private companion object {
        const val LATEST = 50
    }
}

/** Lost or refused: it does not hold, and she may want it to. */
internal fun Fate.needsHer() = this is Fate.Superseded || this is Fate.Refused

internal suspend fun Book.nameOf(edit: Edit): String? = try {
    edit.member?.let { member(it).row }?.let { it.remarkName.ifEmpty { it.name } }
} catch (_: BookException) {
    null
}

/** One edit and its fate. */
class EditPresenter(
    private val id: String,
    private val book: Book,
    private val notices: Notices,
    private val navigator: Navigator,
    scope: CoroutineScope,
) : Presenter(scope) {
    private val shown = MutableStateFlow<EditLine?>(null)

    /** Null until it is read. */
    val state: StateFlow<EditLine?> = shown

    init {
        scope.launch { book.changes.collect { if (it == Change.SyncState) read() } }
        scope.launch { read() }
    }

    private suspend fun read() {
        try {
            val edit = book.edit(id)
            shown.value = EditLine(edit, book.nameOf(edit))
        } catch (e: BookException) {
            notices.say(Notice({ it.problem(e.problem) }))
            navigator.back()
        }
    }

    fun applyAgain() = notices.edit({ it.appliedAgain }, { again -> navigator.replace(Place.Edit(again)) }) { applyAgain(id) }

    fun undo() = notices.edit({ it.undone }, { navigator.back() }) { undo(id) }
}
