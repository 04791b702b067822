package guidebook.app

import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.junit4.createEmptyComposeRule
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.performTextReplacement
import guidebook.ui.app.Place
import guidebook.ui.book.ListRequest
import guidebook.ui.members.LIST_TAG
import guidebook.ui.parts.SEARCH_TAG
import guidebook.ui.walk.Contract
import guidebook.ui.words.wordsFor
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** The way through the real app: its activity, the real core, a real server with the sample store. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(qualifiers = "zh-rCN-w411dp-h891dp-xxhdpi")
class WalkTest {
    @get:Rule
    val keystore = FakeKeystore()

    @get:Rule
    val compose = createEmptyComposeRule()

    private val window by lazy { Window(compose) }
    private val words = wordsFor("zh")
    private val name = "查美"
    private val id = Contract.member
    private val book get() = runBlocking { window.app.phone.book() }

    private fun enrolled() {
        window.open()
        window.enrol(Contract.server, Contract.freshCode())
    }

    private fun waiting() = runBlocking { book.syncState().waiting }

    @Test
    fun `ended by the system while she looks at a member, it opens at her again`() {
        enrolled()
        compose.onNodeWithTag(SEARCH_TAG).performTextReplacement("zm")
        window.tap(name)
        window.waitFor(words.note)
        window.picture("member-zh-day")
        runBlocking { book.writeNote(id, "喜欢蓝色") }
        window.waitFor("喜欢蓝色")
        assertEquals(1, waiting())

        val saved = window.leave()
        window.kill()
        window.open(saved = saved)
        window.waitFor("喜欢蓝色")
        assertEquals(listOf(Place.Members, Place.Member(id)), runBlocking { window.app.phone.model(emptyList()) }.navigator.stack.value)
        window.until("nothing waits") { waiting() == 0 }
        assertTrue(runBlocking { book.member(id) }.notes.any { it.text == "喜欢蓝色" })
    }

    @Test
    fun `turning the phone keeps the search and the place`() {
        enrolled()
        compose.onNodeWithTag(SEARCH_TAG).performTextReplacement("zm")
        window.waitFor(name)
        window.picture("members-zh-search")
        window.rotate()
        window.waitFor(name)
        compose.onNodeWithTag(LIST_TAG).assertIsDisplayed()
        assertTrue(window.sees("zm"))
    }

    @Test
    @Config(qualifiers = "zh-rCN-w411dp-h891dp-night-xxhdpi")
    fun `the list by night`() {
        enrolled()
        window.until("rows") { window.sees(name) || runBlocking { book.list(ListRequest()).total } > 0 }
        window.picture("members-zh-night")
    }

    @Test
    @Config(qualifiers = "zh-rCN-w1280dp-h800dp-xhdpi")
    fun `a tablet shows list and member side by side`() {
        enrolled()
        compose.onNodeWithTag(SEARCH_TAG).performTextReplacement("zm")
        window.tap(name)
        window.waitFor(words.note)
        compose.onNodeWithTag(LIST_TAG).assertIsDisplayed()
        window.picture("tablet-zh-day")
    }
}
