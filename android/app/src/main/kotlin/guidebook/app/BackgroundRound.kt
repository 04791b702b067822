package guidebook.app

import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.BookState
import guidebook.ui.book.Problem
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.time.Duration

/**
 * A sync while nobody looks. A locked book is opened for it and locked again; the screens take no part in that, and when the
 * guide comes meanwhile, [giveWay] ends the round first: a round that is broken off harms nothing.
 */
class BackgroundRound(
    private val book: suspend () -> Book,
    private val watched: () -> Boolean,
    private val synced: suspend (Book) -> Unit,
) {
    sealed interface End {
        data object Done : End

        data class ComeBack(val after: Duration) : End

        data object TryAgain : End

        /** There is no book to sync. */
        data object Over : End
    }

    private var running: Job? = null

    suspend fun run(): End = coroutineScope {
        val end = CompletableDeferred<End>()
        val round = start { end.complete(round(book())) } ?: return@coroutineScope End.Done
        round.join()
        if (end.isCompleted) end.await() else End.Done
    }

    /** Returns once no round runs and the book is as it was before. [watched] must say so by then. */
    suspend fun giveWay() {
        synchronized(this) { running }?.cancelAndJoin()
    }

    private fun CoroutineScope.start(work: suspend () -> Unit): Job? = synchronized(this@BackgroundRound) {
        if (watched()) null else launch { work() }.also { running = it }
    }

    private suspend fun round(book: Book): End = try {
        when (book.state()) {
            BookState.Empty, BookState.Unenrolled -> End.Over
            BookState.Open, BookState.Hidden -> send(book)
            BookState.Locked -> unlocked(book)
        }
    } catch (e: BookException) {
        after(e.problem)
    }

    private suspend fun unlocked(book: Book): End = try {
        book.unlock()
        send(book)
    } finally {
        withContext(NonCancellable) { lock(book) }
    }

    /** A wiped book cannot be locked, and need not be. */
    private suspend fun lock(book: Book) = try {
        book.lock()
    } catch (_: BookException) {
    }

    private suspend fun send(book: Book): End {
        val comeBack = book.syncNow()
        synced(book)
        return if (comeBack == null) End.Done else End.ComeBack(Duration.ofSeconds(comeBack.toLong()))
    }

    private fun after(problem: Problem): End = when (problem) {
        is Problem.Busy -> End.ComeBack(Duration.ofSeconds(problem.comeBackSeconds.toLong()))
        Problem.Wiped, Problem.SignedOut, Problem.UpgradeNeeded -> End.Over
        Problem.Offline, Problem.StorageFull, Problem.StorageFault, Problem.Locked -> End.TryAgain
        Problem.WrongKey, Problem.NotFound, is Problem.Invalid, is Problem.AlreadyMember -> End.Done
    }
}
