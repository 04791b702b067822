package guidebook.app

import guidebook.app.BackgroundRound.End
import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.BookState
import guidebook.ui.book.Problem
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.Assert.assertEquals
import org.junit.Test
import java.time.Duration

@OptIn(ExperimentalCoroutinesApi::class)
class BackgroundRoundTest {
    private class RoundBook(var at: BookState, val problem: Problem? = null, val endless: Boolean = false, val comeBack: Int? = null) : Book by unasked() {
        val told = mutableListOf<String>()

        override suspend fun state() = at

        override suspend fun unlock() {
            told += "unlock"
            at = BookState.Open
        }

        override suspend fun lock() {
            told += "lock"
            at = BookState.Locked
        }

        override suspend fun syncNow(): Int? {
            told += "sync"
            problem?.let { throw BookException(it) }
            if (endless) awaitCancellation()
            return comeBack
        }
    }

    private var watched = false
    private var reminded = 0

    private fun round(book: Book) = BackgroundRound({ book }, { watched }, { reminded++ })

    @Test
    fun `a locked book is opened, synced and locked again`() = runTest {
        val book = RoundBook(BookState.Locked)
        assertEquals(End.Done, round(book).run())
        assertEquals(listOf("unlock", "sync", "lock"), book.told)
        assertEquals(1, reminded)
    }

    @Test
    fun `a book that is open stays open`() = runTest {
        val book = RoundBook(BookState.Open)
        assertEquals(End.Done, round(book).run())
        assertEquals(listOf("sync"), book.told)
    }

    @Test
    fun `a hidden book asks the server to be shown again`() = runTest {
        val book = RoundBook(BookState.Hidden)
        assertEquals(End.Done, round(book).run())
        assertEquals(listOf("sync"), book.told)
    }

    @Test
    fun `nothing happens behind the back of who looks`() = runTest {
        watched = true
        val book = RoundBook(BookState.Locked)
        assertEquals(End.Done, round(book).run())
        assertEquals(emptyList<String>(), book.told)
    }

    @Test
    fun `a failed round locks too, and says when to come again`() = runTest {
        val ends = listOf(Problem.Offline, Problem.Busy(90), Problem.Wiped, Problem.SignedOut).map { problem ->
            val book = RoundBook(BookState.Locked, problem)
            round(book).run().also { assertEquals(listOf("unlock", "sync", "lock"), book.told) }
        }
        assertEquals(listOf(End.TryAgain, End.ComeBack(Duration.ofSeconds(90)), End.Over, End.Over), ends)
        assertEquals(0, reminded)
    }

    @Test
    fun `a good round may be told when to come again`() = runTest {
        assertEquals(End.ComeBack(Duration.ofSeconds(40)), round(RoundBook(BookState.Open, comeBack = 40)).run())
        assertEquals(1, reminded)
    }

    @Test
    fun `without a book there is nothing to do again`() = runTest {
        assertEquals(listOf(End.Over, End.Over), listOf(BookState.Empty, BookState.Unenrolled).map { round(RoundBook(it)).run() })
    }

    @Test
    fun `when she comes the round gives way, and the book is locked before she sees it`() = runTest {
        val book = RoundBook(BookState.Locked, endless = true)
        val round = round(book)
        val end = async { round.run() }
        runCurrent()
        watched = true
        round.giveWay()
        assertEquals(listOf("unlock", "sync", "lock"), book.told)
        assertEquals(End.Done, end.await())
    }

    @Test
    fun `who comes first holds the book`() = runTest {
        val opened = CompletableDeferred<Book>()
        val round = BackgroundRound({ opened.await() }, { watched }, {})
        val end = async { round.run() }
        runCurrent()
        watched = true
        round.giveWay()
        opened.complete(RoundBook(BookState.Locked))
        assertEquals(End.Done, end.await())
    }
}
