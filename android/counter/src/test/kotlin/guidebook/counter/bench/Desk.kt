package guidebook.counter.bench

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.unit.Density
import guidebook.counter.counterFont
import guidebook.counter.openModel
import guidebook.ui.app.AppModel
import guidebook.ui.app.GuidebookApp
import guidebook.ui.app.Place
import guidebook.ui.book.Book
import guidebook.ui.book.CoreBook
import guidebook.ui.book.ListRequest
import guidebook.ui.members.Found
import guidebook.ui.members.MembersPresenter
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import java.io.File
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.coroutines.CoroutineContext

/** How large the counter's window is drawn, in pixels, one for a dp. */
const val WIDTH = 1_180
const val HEIGHT = 820

/** The UI thread of a bench: what the screens ask for is done here, in turn. */
class UiThread : CoroutineDispatcher() {
    private val waiting = LinkedBlockingQueue<Runnable>()

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        waiting += block
    }

    /** Does what waits, for something to come if nothing does. */
    fun turn() {
        (waiting.poll(1, TimeUnit.MILLISECONDS) ?: return).run()
        while (true) (waiting.poll() ?: return).run()
    }

    fun runWaiting() {
        while (true) (waiting.poll() ?: return).run()
    }
}

/** Counts the lists that have been read. */
private class Counted(private val core: CoreBook) : Book by core, AutoCloseable by core {
    var lists = 0

    override suspend fun list(request: ListRequest) = core.list(request).also { lists++ }
}

/** The counter's app over the real core in [home], drawn by Skia's software renderer into memory. */
class Desk(home: File) : AutoCloseable {
    private val ui = UiThread()
    private val scope = CoroutineScope(SupervisorJob() + ui)
    private lateinit var book: Counted
    val app: AppModel = openModel(home, scope) { core -> Counted(core).also { book = it } }
    val search = FocusRequester()
    private val scene = ImageComposeScene(WIDTH, HEIGHT, Density(1f), ui) {
        Box(Modifier.fillMaxSize()) { GuidebookApp(app, search, counterFont()) }
    }

    init {
        app.start()
    }

    val list get() = app.presenter(Place.Members) { MembersPresenter(app.book, it) }
    val found get() = list.state.value.found

    /** How many lists have been read, searches and pages. */
    val lists get() = book.lists

    /** The scene itself, for input. */
    val stage get() = scene

    fun frame() {
        ui.runWaiting()
        scene.render(System.nanoTime()).close()
    }

    /** Draws until [ready], and then until nothing is left to draw. */
    fun drawUntil(ready: () -> Boolean) {
        val end = System.nanoTime() + PATIENCE_NS
        while (!ready()) {
            check(System.nanoTime() < end) { "waited in vain" }
            ui.turn()
            if (scene.hasInvalidations()) frame()
        }
        do frame() while (scene.hasInvalidations() && System.nanoTime() < end)
    }

    fun drawUntilListed() = drawUntil { (found as? Found.Rows)?.row(0) != null }

    override fun close() {
        scope.cancel()
        scene.close()
        book.close()
    }

    private companion object {
        const val PATIENCE_NS = 60_000_000_000L
    }
}
