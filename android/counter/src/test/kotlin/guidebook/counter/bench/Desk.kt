package guidebook.counter.bench

import androidx.compose.runtime.getValue
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.unit.Density
import guidebook.counter.CounterApp
import guidebook.counter.opening
import guidebook.counter.started
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.app.Stage
import guidebook.ui.book.Book
import guidebook.ui.book.CoreBook
import guidebook.ui.book.ListRequest
import guidebook.ui.members.Found
import guidebook.ui.members.MembersPresenter
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.swing.Swing
import kotlinx.coroutines.yield
import java.io.File

/** How large the counter's window is drawn, in pixels, one for a dp. */
const val WIDTH = 1_180
const val HEIGHT = 820

/** Counts the lists that have been read. */
private class Counted(private val core: CoreBook) : Book by core, AutoCloseable by core {
    var lists = 0

    override suspend fun list(request: ListRequest) = core.list(request).also { lists++ }
}

/**
 * The counter's app over the real core in [home], drawn by Skia's software renderer into memory. As in the window everything
 * happens on Swing's thread, so this is made and used there: Compose posts to it whatever the dispatcher of a scene is.
 */
class Desk(home: File) : AutoCloseable {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Swing)
    private lateinit var book: Counted
    private val opening = scope.opening(home, { core -> Counted(core).also { book = it } })
    val search = FocusRequester()
    private val scene = ImageComposeScene(WIDTH, HEIGHT, Density(1f), Dispatchers.Swing) {
        val app by started(opening)
        CounterApp(app, search)
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    val app: AppModel get() = opening.getCompleted()
    val list get() = app.presenter(Place.Members) { MembersPresenter(app.book, it) }
    val found get() = list.state.value.found

    /** How many lists have been read, searches and pages. */
    val lists get() = book.lists

    /** The scene itself, for input. */
    val stage get() = scene

    /** Lets what waits for the thread go first. */
    suspend fun frame() {
        yield()
        scene.render(System.nanoTime()).close()
    }

    /** Draws until [ready], and then until nothing is left to draw. */
    suspend fun drawUntil(ready: () -> Boolean) {
        val end = System.nanoTime() + PATIENCE_NS
        while (!ready()) {
            check(System.nanoTime() < end) { "waited in vain" }
            if (scene.hasInvalidations()) frame() else delay(1)
        }
        do frame() while (scene.hasInvalidations() && System.nanoTime() < end)
    }

    /** Asked for before the book is hers, the list would be another one than that which is shown then. */
    suspend fun drawUntilListed() = drawUntil { opening.isCompleted && app.stage.value == Stage.Open && (found as? Found.Rows)?.row(0) != null }

    override fun close() {
        scope.cancel()
        scene.close()
        book.close()
    }

    private companion object {
        const val PATIENCE_NS = 60_000_000_000L
    }
}
