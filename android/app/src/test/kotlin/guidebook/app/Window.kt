package guidebook.app

import android.app.Activity
import android.content.Intent
import android.content.RestrictionsManager
import android.graphics.Bitmap
import android.graphics.Canvas
import android.os.Bundle
import android.os.Looper
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isToggleable
import androidx.compose.ui.test.junit4.ComposeTestRule
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.onLast
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.test.performTextReplacement
import androidx.test.core.app.ApplicationProvider
import androidx.work.WorkManager
import androidx.work.testing.WorkManagerTestInitHelper
import guidebook.ui.book.ListRequest
import guidebook.ui.words.wordsFor
import kotlinx.coroutines.cancel
import kotlinx.coroutines.runBlocking
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.util.ReflectionHelpers
import java.io.File

/** The app's window, as a test looks at it and taps it. */
class Window(private val compose: ComposeTestRule) {
    val app: PhoneApp = ApplicationProvider.getApplicationContext()
    private val words = wordsFor("zh")
    private var controller: ActivityController<MainActivity>? = null
    val activity: MainActivity get() = controller!!.get()

    fun open(intent: Intent? = null, saved: Bundle? = null) {
        // Robolectric starts no providers, so not WorkManager's either.
        if (!WorkManager.isInitialized()) WorkManagerTestInitHelper.initializeTestWorkManager(app)
        // No dialog of the system's can be answered here; who asks for it is PersonGateTest's.
        manage { putBoolean(Policy.PERSON, false) }
        val fresh = Robolectric.buildActivity(MainActivity::class.java, intent)
        controller = if (saved == null) fresh.setup() else fresh.setup(saved)
    }

    /** What HQ's device management sets. */
    fun manage(set: Bundle.() -> Unit) {
        val restrictions = checkNotNull(app.getSystemService(RestrictionsManager::class.java))
        shadowOf(restrictions).setApplicationRestrictions(Bundle(restrictions.applicationRestrictions ?: Bundle.EMPTY).apply(set))
    }

    /** Types HQ's code, and waits for the list. */
    fun enrol(server: String, code: String) {
        fill(words.enrolServer, server)
        fill(words.enrolCode, code)
        tap(words.enrolAct)
        waitFor(words.search)
        until("rows") { runBlocking { app.phone.book().list(ListRequest()).total } > 0 }
    }

    /** As the system does when a link is opened while the app is there. */
    fun follow(link: Intent) {
        controller!!.newIntent(link)
    }

    /** Leaves the app, and returns what the system keeps of the activity. */
    fun leave(): Bundle {
        val saved = Bundle()
        controller!!.pause().stop().saveInstanceState(saved).destroy()
        controller = null
        return saved
    }

    /** Ends the process: of the app only its files remain. */
    fun kill() {
        val phone = app.phone
        phone.scope.cancel()
        ReflectionHelpers.getField<AutoCloseable?>(phone, "book")?.close()
        ReflectionHelpers.setField(app, "phone\$delegate", lazy { Phone(app) })
    }

    fun rotate() {
        controller!!.recreate()
    }

    fun until(what: String, ready: () -> Boolean) {
        val deadline = System.nanoTime() + PATIENCE
        while (true) {
            shadowOf(Looper.getMainLooper()).idle()
            compose.waitForIdle()
            if (ready()) return
            if (System.nanoTime() > deadline) throw AssertionError("not seen: $what\n" + texts().joinToString("\n"))
            Thread.sleep(5)
        }
    }

    fun sees(text: String) = compose.onAllNodesWithText(text, substring = true).fetchSemanticsNodes().isNotEmpty()

    fun waitFor(text: String) = until(text) { sees(text) }

    /** What is called so, or, where nothing is, what has it in its name. */
    fun tap(text: String) {
        val button = hasClickAction() and !hasSetTextAction()
        val exactly = (hasText(text) or hasContentDescription(text)) and button
        val nearly = hasText(text, substring = true) and button
        until("a button: $text") { listOf(exactly, nearly).any { compose.onAllNodes(it).fetchSemanticsNodes().isNotEmpty() } }
        val there = if (compose.onAllNodes(exactly).fetchSemanticsNodes().isNotEmpty()) exactly else nearly
        // What lies on top was drawn last.
        compose.onAllNodes(there).onLast().performSemanticsAction(SemanticsActions.OnClick)
    }

    /** A chip, and not the row that shows the same word. */
    fun tapChip(text: String) {
        val there = hasText(text) and isToggleable()
        until("a chip: $text") { compose.onAllNodes(there).fetchSemanticsNodes().isNotEmpty() }
        compose.onAllNodes(there).onFirst().performSemanticsAction(SemanticsActions.OnClick)
    }

    fun fill(label: String, text: String) {
        until(label) { compose.onAllNodes(hasSetTextAction() and hasText(label)).fetchSemanticsNodes().isNotEmpty() }
        compose.onNode(hasSetTextAction() and hasText(label)).performScrollTo().performTextReplacement(text)
    }

    private fun texts() = compose.onAllNodes(hasText("", substring = true)).fetchSemanticsNodes().map { node ->
        node.config.getOrNull(SemanticsProperties.Text).orEmpty().joinToString() + (node.config.getOrNull(SemanticsProperties.EditableText) ?: "")
    }

    /** The whole window as a picture, kept as `<name>.png`. */
    fun picture(name: String): Bitmap {
        compose.waitForIdle()
        val view = (activity as Activity).window.decorView
        val bitmap = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888)
        view.draw(Canvas(bitmap))
        val folder = File(System.getProperty("guidebook.screenshots")).apply { mkdirs() }
        File(folder, "$name.png").outputStream().use { bitmap.compress(Bitmap.CompressFormat.PNG, 100, it) }
        return bitmap
    }

    private companion object {
        const val PATIENCE = 30_000_000_000
    }
}
