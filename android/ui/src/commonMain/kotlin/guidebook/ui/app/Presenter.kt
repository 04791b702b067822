package guidebook.ui.app

import guidebook.ui.book.BookException
import guidebook.ui.book.Problem
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.cancel

/** Holds what one place shows, as long as the place is on the stack. */
abstract class Presenter(protected val scope: CoroutineScope) {
    fun stop() = scope.cancel()
}

/** [work], or what [failed] makes of its problem. */
internal inline fun <T> orProblem(failed: (Problem) -> T, work: () -> T): T = try {
    work()
} catch (e: BookException) {
    failed(e.problem)
}
