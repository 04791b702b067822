package guidebook.ui.walk

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.toAwtImage
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.DesktopComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.captureToImage
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isToggleable
import androidx.compose.ui.test.onLast
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTextReplacement
import androidx.compose.ui.unit.Density
import guidebook.core.Guidebook
import guidebook.core.KeyVault
import guidebook.core.OpenRequest
import guidebook.ui.app.AppModel
import guidebook.ui.app.Dialler
import guidebook.ui.app.GuidebookApp
import guidebook.ui.app.Kept
import guidebook.ui.app.KeptInMemory
import guidebook.ui.app.Services
import guidebook.ui.book.CoreBook
import guidebook.ui.fake.KeysInMemory
import guidebook.ui.gallery.DENSITY
import guidebook.ui.gallery.noto
import guidebook.ui.parts.SEARCH_TAG
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancel
import java.io.File
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.Executors
import javax.imageio.ImageIO

/** Runs on the thread of the test, which is the screens' thread too. */
class Turns : CoroutineDispatcher() {
    private val waiting = ConcurrentLinkedQueue<Runnable>()

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        waiting += block
    }

    fun run() {
        while (true) (waiting.poll() ?: return).run()
    }
}

/** A guide's hand on the real screens over the real core: it taps, types, and counts. */
@OptIn(ExperimentalTestApi::class)
class Hand(
    private val ui: DesktopComposeUiTest,
    private val folder: File,
    private val vault: KeyVault = KeysInMemory(),
    private val kept: Kept = KeptInMemory(),
) {
    private val turns = Turns()
    private val uiThread = Thread.currentThread()
    private var scope = CoroutineScope(SupervisorJob() + turns)

    /** Every call of the screens to the core. */
    val calls = CoreCalls { Thread.currentThread() === uiThread }
    private var book = opened()
    val dialled = ArrayList<String>()
    var app by mutableStateOf(made())
        private set
    var taps = 0
        private set
    var letters = 0
        private set

    private fun opened(): CoreBook {
        val thread = Executors.newSingleThreadExecutor { Thread(it, "book").apply { isDaemon = true } }
        val found = Guidebook.open(OpenRequest(folder.path), vault, null, null)
        return CoreBook(WatchedCore(found, calls), folder.path, kept, thread.asCoroutineDispatcher())
    }

    private fun made() = AppModel(
        book,
        Services(
            kept,
            Dialler {
                dialled += it
                true
            },
            deviceName = "Walk"
        ),
        scope
    ).also { it.start() }

    fun look() = ui.setContent {
        CompositionLocalProvider(LocalDensity provides Density(DENSITY, 1f)) {
            key(app) { Box(Modifier.fillMaxSize()) { GuidebookApp(app, family = noto) } }
        }
    }

    /** The app is closed without a word to its screens; the next begins from what lies in the folder. */
    fun closeAndReopen() {
        scope.cancel()
        book.close()
        scope = CoroutineScope(SupervisorJob() + turns)
        book = opened()
        app = made()
    }

    fun counted(job: () -> Unit): Pair<Int, Int> {
        taps = 0
        letters = 0
        job()
        return taps to letters
    }

    fun tap(matcher: SemanticsMatcher) {
        sees(matcher)
        taps++
        // What lies on top was drawn last.
        ui.onAllNodes(matcher).onLast().performSemanticsAction(SemanticsActions.OnClick)
        turns.run()
    }

    /** What says exactly this; a field is typed into and not tapped. */
    fun tap(text: String) = tap((hasText(text) or hasContentDescription(text)) and hasClickAction() and !hasSetTextAction())

    /** A chip, and not the row that shows the same word. */
    fun tapChip(text: String) = tap(hasText(text) and isToggleable())

    fun type(label: String, text: String) {
        val field = hasText(label) and hasSetTextAction()
        sees(field)
        letters += text.length
        ui.onAllNodes(field)[0].performTextReplacement(text)
        turns.run()
    }

    fun search(text: String) {
        letters += text.length
        field().performTextReplacement(text)
        turns.run()
    }

    fun writeInFocus(text: String) {
        val focused = SemanticsMatcher.expectValue(androidx.compose.ui.semantics.SemanticsProperties.Focused, true) and hasSetTextAction()
        sees(focused)
        letters += text.length
        ui.onAllNodes(focused)[0].performTextInput(text)
        turns.run()
    }

    private fun field(): SemanticsNodeInteraction = ui.onNodeWithTag(SEARCH_TAG)

    fun sees(text: String) = sees(saying(text))

    fun sees(matcher: SemanticsMatcher) = until(matcher.description) { count(matcher) > 0 }

    fun seesNoMore(text: String) = until("no $text") { count(saying(text)) == 0 }

    fun count(matcher: SemanticsMatcher) = ui.onAllNodes(matcher).fetchSemanticsNodes().size

    fun until(what: String, condition: () -> Boolean) {
        val end = System.nanoTime() + PATIENCE_NS
        while (true) {
            turns.run()
            ui.waitForIdle()
            if (condition()) return
            check(System.nanoTime() < end) { "waited in vain for: $what" }
            Thread.sleep(5)
        }
    }

    /** Keeps a picture of what she sees. */
    fun picture(name: String) {
        val target = File(System.getProperty("walk.pictures") ?: return)
        target.mkdirs()
        ImageIO.write(ui.onRoot().captureToImage().toAwtImage(), "png", File(target, "$name.png"))
    }

    fun close() {
        scope.cancel()
        book.close()
    }

    companion object {
        private const val PATIENCE_NS = 30_000_000_000L

        /** Said in a text or by a label, the whole or a part of it. */
        fun saying(text: String) = hasText(text, substring = true) or hasContentDescription(text, substring = true)
    }
}
