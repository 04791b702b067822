package guidebook.ui.door

import guidebook.ui.app.Presenter
import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.Code
import guidebook.ui.book.Problem
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

data class EnrolState(
    val server: String = "",
    val code: String = "",
    val busy: Boolean = false,
    val fetching: Boolean = false,
    val problem: Problem? = null,
) {
    val ready get() = server.isNotBlank() && code.isNotBlank() && !busy
}

/** HQ's code, typed or scanned, and the first fetch. */
class EnrolPresenter(private val book: Book, private val deviceName: String, private val entered: () -> Unit, scope: CoroutineScope) :
    Presenter(scope) {
    private val shown = MutableStateFlow(EnrolState())
    val state: StateFlow<EnrolState> = shown

    fun change(edit: (EnrolState) -> EnrolState) = shown.update { edit(it).copy(problem = null) }

    /** A scanned code or an opened link fills both fields; a bare code only its own. */
    fun scanned(text: String) {
        scope.launch {
            val code = try {
                book.readCode(text) as? Code.Enrolment
            } catch (_: BookException) {
                null
            }
            change { it.copy(server = code?.server ?: it.server, code = code?.code ?: text.trim()) }
        }
    }

    fun enrol() {
        val filled = shown.value
        if (!filled.ready) return
        shown.update { it.copy(busy = true, problem = null) }
        scope.launch {
            try {
                book.enrol(filled.server.trim(), filled.code.trim(), deviceName)
                shown.update { it.copy(fetching = true) }
                fetch()
                entered()
            } catch (e: BookException) {
                shown.update { it.copy(busy = false, fetching = false, problem = e.problem) }
            }
        }
    }

    /** If the network goes right here, the list is empty at first and fills by itself. */
    private suspend fun fetch() {
        try {
            book.syncNow()
        } catch (e: BookException) {
            if (e.problem != Problem.Offline && e.problem !is Problem.Busy) throw e
        }
    }
}
