package guidebook.ui.book

import guidebook.core.Guidebook
import guidebook.core.OpenRequest
import guidebook.ui.app.AppModel
import guidebook.ui.app.Dialler
import guidebook.ui.app.KeptInMemory
import guidebook.ui.app.Place
import guidebook.ui.app.Services
import guidebook.ui.app.Stage
import guidebook.ui.fake.KeysInMemory
import guidebook.ui.members.Found
import guidebook.ui.members.MembersPresenter
import guidebook.ui.walk.Contract
import guidebook.ui.walk.CoreCalls
import guidebook.ui.walk.WatchedCore
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.swing.Swing
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.util.concurrent.Executors
import javax.swing.SwingUtilities

class CoreBookTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun `the screens never call the core on the UI thread`() = runBlocking {
        val watch = CoreCalls(SwingUtilities::isEventDispatchThread)
        val calls = watch.all
        val directory = folder.newFolder().path
        val thread = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
        Guidebook.open(OpenRequest(directory), KeysInMemory(), null, null).use { core ->
            val book = CoreBook(WatchedCore(core, watch), directory, KeptInMemory(), thread)
            book.enrol(Contract.server, Contract.freshCode(), "Threads")
            calls.clear()
            val scope = CoroutineScope(Dispatchers.Swing)
            withContext(Dispatchers.Swing) {
                val app = AppModel(book, Services(KeptInMemory(), Dialler { true }), scope)
                app.entered()
                app.start()
                withTimeout(20_000) { app.stage.first { it == Stage.Open } }
                val list = app.presenter(Place.Members) { MembersPresenter(book, it) }
                list.type("zm")
                withTimeout(20_000) { while (list.state.value.found !is Found.Rows) delay(10) }
                app.notices.edit({ "" }) { writeNote(Contract.member, "喜欢蓝色") }
                withTimeout(20_000) { while (calls.none { it.name == "writeNote" }) delay(10) }
            }
            scope.coroutineContext.job.cancelAndJoin()
        }
        assertTrue(calls.size > 5)
        assertEquals(emptyList<String>(), calls.filter { it.onUiThread }.map { it.name })
        thread.close()
    }

    @Test
    fun `a birthday is read with and without its year`() {
        assertEquals(Birthday(java.time.MonthDay.of(3, 29), null), birthdayOf("--03-29"))
        assertEquals(Birthday(java.time.MonthDay.of(2, 29), 1988), birthdayOf("1988-02-29"))
    }
}
