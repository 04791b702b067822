package guidebook.counter

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.produceState
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.ui.InternalComposeUiApi
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.platform.LocalPlatformPrefetchScheduler
import androidx.compose.ui.text.ExperimentalTextApi
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.platform.SystemFont
import androidx.compose.ui.unit.DpSize
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.Window
import androidx.compose.ui.window.application
import androidx.compose.ui.window.rememberWindowState
import guidebook.ui.app.AppModel
import guidebook.ui.app.Dialler
import guidebook.ui.app.GuidebookApp
import guidebook.ui.app.Services
import guidebook.ui.book.Book
import guidebook.ui.book.BookState
import guidebook.ui.book.CoreBook
import guidebook.ui.words.wordsFor
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.swing.Swing
import java.io.File
import java.util.Locale

/** Noto draws Chinese in the mainland's forms; elsewhere the system's own font serves. */
@OptIn(ExperimentalTextApi::class)
fun counterFont(): FontFamily = if (System.getProperty("os.name") == "Linux") {
    FontFamily(listOf(FontWeight.Normal, FontWeight.Medium, FontWeight.Bold).map { SystemFont("Noto Sans CJK SC", it) })
} else {
    FontFamily.Default
}

/** The books and settings of this computer, in [home]. Who wants to watch the book puts itself [before] it. */
fun openModel(home: File, scope: CoroutineScope, before: (CoreBook) -> Book = { it }): AppModel {
    home.mkdirs()
    val kept = KeptInFile(File(home, "settings"))
    val keys = File(home, "keys")
    val book = CoreBook.open(File(home, "books").apply { mkdirs() }.path, FileVault(keys), kept, marks = FileMarks(keys))
    val services = Services(
        kept = kept,
        // A computer has no telephone: the number is shown.
        dialler = Dialler { false },
        deviceName = "Counter",
        systemLanguage = Locale.getDefault().language,
    )
    return AppModel(before(book), services, scope)
}

/** The same beside the window that is being made; a book before which nobody is asked is read meanwhile. First [then]. */
fun CoroutineScope.opening(home: File, before: (CoreBook) -> Book = { it }, then: (AppModel) -> Unit = {}): Deferred<AppModel> {
    val scope = this
    return async(Dispatchers.IO) { openModel(home, scope, before).also(then).also { it.readAhead() } }
}

/** Enrols this computer for a demonstration, if it is not enrolled yet. */
fun enrol(model: AppModel, server: String, code: String) = runBlocking {
    if (model.book.state() == BookState.Empty) {
        model.book.enrol(server, code, "Counter")
        model.book.syncNow()
    }
    model.entered()
}

/** `counter [--home DIRECTORY] [--enrol SERVER CODE]` */
fun main(arguments: Array<String>) {
    val home = File(value(arguments, "--home") ?: (System.getProperty("user.home") + "/.guidebook-counter"))
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Swing)
    val enrolAt = arguments.indexOf("--enrol")
    val opening = scope.opening(home) { if (enrolAt >= 0) enrol(it, arguments[enrolAt + 1], arguments[enrolAt + 2]) }
    application {
        val search = remember { FocusRequester() }
        val model by started(opening)
        // Read when a key comes: the window keeps the listeners that it was made with, before there was a book.
        val keyboard = rememberUpdatedState(remember(model) { model?.let { Keyboard(it, search) } })
        val state = rememberWindowState(size = DpSize(1180.dp, 820.dp))
        Window(
            ::exitApplication,
            state,
            title = wordsFor(Locale.getDefault().language).appName,
            onPreviewKeyEvent = { keyboard.value?.preview(it) ?: false },
            onKeyEvent = { keyboard.value?.fallback(it) ?: false },
        ) {
            CounterApp(model, search)
        }
    }
}

/** The model as soon as there is one, started. */
@Composable
fun started(opening: Deferred<AppModel>) = produceState<AppModel?>(null) { value = opening.await().also { it.start() } }

/** What the window holds; nothing as long as the book is being opened, for less than the eye sees. */
@OptIn(InternalComposeUiApi::class)
@Composable
fun CounterApp(model: AppModel?, search: FocusRequester) {
    CompositionLocalProvider(LocalPlatformPrefetchScheduler provides BetweenFrames) {
        Box(Modifier.fillMaxSize()) { model?.let { GuidebookApp(it, search, counterFont()) } }
    }
}

internal fun value(arguments: Array<String>, name: String): String? =
    arguments.indexOf(name).takeIf { it >= 0 }?.let { arguments.getOrNull(it + 1) }
