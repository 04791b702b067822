package guidebook.ui.members

import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.InternalComposeUiApi
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.platform.LocalPlatformPrefetchScheduler
import androidx.compose.ui.platform.PlatformPrefetchRequest
import androidx.compose.ui.platform.PlatformPrefetchRequestScope
import androidx.compose.ui.platform.PlatformPrefetchScheduler
import androidx.compose.ui.test.DesktopComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.performTouchInput
import androidx.compose.ui.test.runDesktopComposeUiTest
import guidebook.ui.fake.Samples
import guidebook.ui.theme.GuidebookTheme
import guidebook.ui.words.LocalWords
import guidebook.ui.words.Words
import guidebook.ui.words.WordsZh
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** Counts the rows that are composed: each asks how to call its button. */
private class CountedWords : Words by WordsZh {
    var rows = 0

    override fun tagsOf(name: String) = WordsZh.tagsOf(name).also { rows++ }
}

@OptIn(ExperimentalTestApi::class, InternalComposeUiApi::class)
class RowsTest {
    private val words = CountedWords()
    private val deeds = MembersDeeds({}, {}, {}, {}, {}, {}, {}, {}, {})
    private var state by mutableStateOf(MembersState(found = Found.Rows(Samples.rows.size, mapOf(0 to Samples.rows)), groups = Samples.groups))

    private val ahead = ArrayList<PlatformPrefetchRequest>()
    private val scheduler = object : PlatformPrefetchScheduler {
        override fun scheduleHighPriorityPrefetch(request: PlatformPrefetchRequest) {
            ahead += request
        }

        override fun scheduleLowPriorityPrefetch(request: PlatformPrefetchRequest) {
            ahead += request
        }
    }

    private fun shown(work: DesktopComposeUiTest.(() -> Unit) -> Unit) = runDesktopComposeUiTest(411, 891) {
        setContent {
            GuidebookTheme(WordsZh, dark = false) {
                CompositionLocalProvider(LocalWords provides words, LocalPlatformPrefetchScheduler provides scheduler) {
                    MembersView(state, null, Samples.now, Samples.today, remember { FocusRequester() }, null, deeds)
                }
            }
        }
        waitForIdle()
        work(::waitForIdle)
    }

    @Test
    fun `the row below is composed while nothing is drawn, and not again when it comes into sight`() {
        val rows = List(40) { Samples.rows[it % Samples.rows.size] }
        state = state.copy(found = Found.Rows(rows.size, mapOf(0 to rows)))
        shown {
            pulled(30f)
            words.rows = 0
            val time = object : PlatformPrefetchRequestScope {
                override fun availableTimeNanos() = Long.MAX_VALUE
            }
            runOnIdle { ahead.toList().forEach { with(it) { while (time.execute()) Unit } } }
            assertEquals(1, words.rows)
            pulled(60f)
            assertEquals(1, words.rows)
        }
    }

    private fun DesktopComposeUiTest.pulled(by: Float) {
        onNodeWithTag(LIST_TAG).performTouchInput {
            down(center)
            repeat(10) { moveBy(Offset(0f, -by / 10)) }
            up()
        }
        waitForIdle()
    }

    @Test
    fun `a key stroke composes no row until its answer is there`() = shown { wait ->
        assertTrue(words.rows > 0)
        words.rows = 0
        state = state.copy(wish = Wish("z"), jump = Jump(0, 1))
        wait()
        assertEquals(0, words.rows)
    }

    @Test
    fun `of an answer only the rows that differ are composed`() = shown { wait ->
        words.rows = 0
        val rows = Samples.rows.toMutableList().apply { this[1] = this[1].copy(waiting = 7) }
        state = state.copy(found = Found.Rows(rows.size, mapOf(0 to rows)))
        wait()
        assertEquals(1, words.rows)
    }
}
