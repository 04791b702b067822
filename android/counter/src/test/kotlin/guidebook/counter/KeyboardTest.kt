package guidebook.counter

import androidx.compose.foundation.focusable
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.input.key.onKeyEvent
import androidx.compose.ui.input.key.onPreviewKeyEvent
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.test.DesktopComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.assertIsFocused
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.performKeyInput
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.pressKey
import androidx.compose.ui.test.runDesktopComposeUiTest
import guidebook.ui.app.AppModel
import guidebook.ui.app.Dialler
import guidebook.ui.app.GuidebookApp
import guidebook.ui.app.KeptInMemory
import guidebook.ui.app.Place
import guidebook.ui.app.Services
import guidebook.ui.book.Book
import guidebook.ui.book.ListRequest
import guidebook.ui.book.MemberPage
import guidebook.ui.fake.FakeBook
import guidebook.ui.fake.Samples
import guidebook.ui.members.MembersPresenter
import guidebook.ui.parts.SEARCH_TAG
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import org.junit.Assert.assertEquals
import org.junit.Test

/** A book that answers a search when it is told to. */
private class HeldBook(private val fake: FakeBook = FakeBook()) : Book by fake {
    var held: CompletableDeferred<Unit>? = null

    override suspend fun list(request: ListRequest): MemberPage {
        held?.await()
        return fake.list(request)
    }
}

@OptIn(ExperimentalTestApi::class)
class KeyboardTest {
    private val book = HeldBook()
    private val app = AppModel(
        book,
        Services(KeptInMemory(), Dialler { false }, clock = Samples.clock),
        CoroutineScope(Dispatchers.Unconfined),
    )

    private fun typing(work: DesktopComposeUiTest.() -> Unit) = runDesktopComposeUiTest(1_180, 820) {
        val search = FocusRequester()
        val window = FocusRequester()
        val keyboard = Keyboard(app, search)
        app.entered()
        app.start()
        setContent {
            val keys = Modifier.onPreviewKeyEvent(keyboard::preview).onKeyEvent(keyboard::fallback)
            Box(keys.testTag("window").focusRequester(window).focusable().fillMaxSize()) { GuidebookApp(app, search) }
        }
        runOnIdle { window.requestFocus() }
        work()
    }

    private fun DesktopComposeUiTest.press(keys: List<Key>) {
        onNodeWithTag("window").performKeyInput { keys.forEach { pressKey(it) } }
        waitForIdle()
    }

    @Test
    fun `the arrows walk the list, Enter opens and Escape goes back`() = typing {
        press(listOf(Key.DirectionDown, Key.DirectionDown, Key.Enter))
        assertEquals(Place.Member("m2"), app.navigator.stack.value.last())
        press(listOf(Key.Escape))
        assertEquals(Place.Members, app.navigator.stack.value.last())
    }

    @Test
    fun `a scanner's Enter waits for whom the book finds`() = typing {
        runOnIdle { book.held = CompletableDeferred() }
        press(listOf(Key.Slash))
        onNodeWithTag(SEARCH_TAG).performTextInput("5093")
        press(listOf(Key.Enter))
        assertEquals("nobody is opened whom the list showed before", Place.Members, app.navigator.stack.value.last())
        runOnIdle { book.held?.complete(Unit) }
        waitForIdle()
        assertEquals(Place.Member("m2"), app.navigator.stack.value.last())
    }

    @Test
    fun `a slash goes to the search and leaves it empty`() = typing {
        press(listOf(Key.Slash))
        onNodeWithTag(SEARCH_TAG).assertIsFocused()
        assertEquals("", app.presenter(Place.Members) { MembersPresenter(app.book, it) }.state.value.wish.text)
    }
}
