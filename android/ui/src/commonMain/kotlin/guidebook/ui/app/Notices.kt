package guidebook.ui.app

import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.words.Words
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch

/** One line at the foot of the screen; with [undo], the way back from what she just did. */
class Notice(val say: (Words) -> String, val undo: (() -> Unit)? = null)

/** Carries out edits and says what came of them. */
class Notices(private val book: Book, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow<Notice?>(null)
    val notice: StateFlow<Notice?> = shown

    fun say(notice: Notice) {
        shown.value = notice
    }

    /** Gone, unless another has come in its place. */
    fun dismiss(notice: Notice) {
        shown.compareAndSet(notice, null)
    }

    /** What was said of a book that is closed is said no more. */
    fun quiet() {
        shown.value = null
    }

    /** Makes an edit, says so, and offers to undo it. [then] runs only if it was made, [answered] however it went. */
    fun edit(said: (Words) -> String, then: (String) -> Unit = {}, answered: () -> Unit = {}, work: suspend Book.() -> String) {
        scope.launch {
            try {
                val edit = book.work()
                say(Notice(said) { takeBack(edit) })
                then(edit)
            } catch (e: BookException) {
                say(Notice({ it.problem(e.problem) }))
            }
            answered()
        }
    }

    private fun takeBack(edit: String) {
        scope.launch {
            try {
                book.undo(edit)
                say(Notice({ it.undone }))
            } catch (e: BookException) {
                say(Notice({ it.problem(e.problem) }))
            }
        }
    }
}
