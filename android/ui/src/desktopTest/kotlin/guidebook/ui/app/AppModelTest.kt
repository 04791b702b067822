package guidebook.ui.app

import guidebook.ui.book.Problem
import guidebook.ui.fake.FakeBook
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.util.concurrent.Executors

class AppModelTest {
    private val book = FakeBook()

    private fun started(test: suspend (AppModel) -> Unit) = Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { thread ->
        val scope = CoroutineScope(thread)
        runBlocking(thread) {
            val model = AppModel(book, Services(KeptInMemory(), { true }), scope)
            model.start()
            withTimeout(10_000) {
                model.reaches(Stage.Open)
                test(model)
            }
        }
        scope.cancel()
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
}
