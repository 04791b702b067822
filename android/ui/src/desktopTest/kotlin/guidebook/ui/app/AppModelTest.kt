package guidebook.ui.app

import guidebook.ui.book.BookState
import guidebook.ui.book.Problem
import guidebook.ui.fake.FakeBook
import guidebook.ui.members.MembersPresenter
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotSame
import org.junit.Assert.assertSame
import org.junit.Assert.assertTrue
import org.junit.Test
import java.util.concurrent.Executors

class AppModelTest {
    private val book = FakeBook()

    private fun made(gate: Gate = Gate.None, test: suspend (AppModel) -> Unit) =
        Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { thread ->
            val scope = CoroutineScope(thread)
            runBlocking(thread) {
                withTimeout(10_000) { test(AppModel(book, Services(KeptInMemory(), { true }, gate = gate), scope)) }
            }
            scope.cancel()
        }

    private fun started(test: suspend (AppModel) -> Unit) = made { model ->
        model.start()
        model.reaches(Stage.Open)
        test(model)
    }

    private suspend fun AppModel.reaches(wanted: Stage) = stage.first { it == wanted }

    @Test
    fun `a phone that the server has forgotten asks for a code, and opens again with it`() = started { model ->
        book.failing = Problem.SignedOut
        model.sync.now()
        model.reaches(Stage.Enrol)
        assertTrue(model.forgotten)
        book.failing = null
        model.entered()
        model.reaches(Stage.Open)
        assertTrue(!model.forgotten)
    }

    @Test
    fun `an open book waits for news while she looks, and not behind her back`() = started { model ->
        while (!book.live) yield()
        model.looking(false)
        while (book.live) yield()
        assertEquals(Stage.Open, model.stage.value)
    }

    @Test
    fun `a book before which nobody is asked is read before anything is drawn, and keeps the screens made meanwhile`() = made { model ->
        book.state = BookState.Locked
        model.readAhead()
        assertEquals(Stage.Entering to BookState.Open, model.stage.value to book.state)
        val list = model.presenter(Place.Members) { MembersPresenter(book, it) }
        model.start()
        model.reaches(Stage.Open)
        assertSame(list, model.presenter(Place.Members) { MembersPresenter(book, it) })
        // The next time that it is entered they are made anew: another guide may have come.
        book.lock()
        model.reaches(Stage.Locked)
        model.unlock()
        model.reaches(Stage.Open)
        assertNotSame(list, model.presenter(Place.Members) { MembersPresenter(book, it) })
    }

    @Test
    fun `a book behind a gate is not read before she has passed it`() = made(gate = { Passage.Refused }) { model ->
        book.state = BookState.Locked
        model.readAhead()
        assertEquals(Stage.Opening to BookState.Locked, model.stage.value to book.state)
        model.start()
        model.reaches(Stage.Locked)
        assertEquals(BookState.Locked, book.state)
    }

    @Test
    fun `a book that was wiped while it was read says so`() = made { model ->
        book.state = BookState.Locked
        model.readAhead()
        book.wipe()
        model.start()
        model.reaches(Stage.Wiped)
    }
}
