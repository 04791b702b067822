package guidebook.ui.door

import guidebook.ui.app.Presenter
import guidebook.ui.book.Book
import guidebook.ui.book.BookException
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
    fun scanned(text: String) = change { state ->
        val link = EnrolLink.read(text)
        if (link == null) state.copy(code = text.trim()) else state.copy(server = link.server, code = link.code)
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

/** `guidebook://enrol?server=…&code=…`, as HQ shows it in a QR code. */
data class EnrolLink(val server: String, val code: String) {
    companion object {
        fun read(text: String): EnrolLink? {
            val query = text.trim().substringAfter("guidebook://enrol?", "")
            val fields = query.split('&').associate { it.substringBefore('=') to decoded(it.substringAfter('=', "")) }
            val server = fields["server"].orEmpty()
            val code = fields["code"].orEmpty()
            return if (server.isEmpty() || code.isEmpty()) null else EnrolLink(server, code)
        }

        private fun decoded(text: String) = try {
            java.net.URLDecoder.decode(text, "UTF-8")
        } catch (_: IllegalArgumentException) {
            ""
        }
    }
}
