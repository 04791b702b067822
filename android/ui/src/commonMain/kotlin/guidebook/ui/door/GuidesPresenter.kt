package guidebook.ui.door

import guidebook.ui.app.Notice
import guidebook.ui.app.Notices
import guidebook.ui.app.Presenter
import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.GuideOnPhone
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch

/** Whose books lie on this phone, and handing it to the next. */
class GuidesPresenter(private val book: Book, private val notices: Notices, scope: CoroutineScope) : Presenter(scope) {
    private val shown = MutableStateFlow<List<GuideOnPhone>?>(null)

    /** Null until it is read. */
    val state: StateFlow<List<GuideOnPhone>?> = shown

    init {
        scope.launch { trying { shown.value = book.guidesOnThisPhone() } }
    }

    fun switchTo(guide: GuideOnPhone) {
        if (!guide.current) scope.launch { trying { book.switchTo(guide.book) } }
    }

    private suspend fun trying(work: suspend () -> Unit) {
        try {
            work()
        } catch (e: BookException) {
            notices.say(Notice({ it.problem(e.problem) }))
        }
    }
}
