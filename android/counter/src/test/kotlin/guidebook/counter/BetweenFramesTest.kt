package guidebook.counter

import androidx.compose.ui.InternalComposeUiApi
import androidx.compose.ui.platform.PlatformPrefetchRequest
import androidx.compose.ui.platform.PlatformPrefetchRequestScope
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import javax.swing.SwingUtilities

@OptIn(InternalComposeUiApi::class)
class BetweenFramesTest {
    private val happened = ArrayList<String>()
    private val given = ArrayList<Long>()

    /** Needs three turns. */
    private val request = object : PlatformPrefetchRequest {
        override fun PlatformPrefetchRequestScope.execute(): Boolean {
            given += availableTimeNanos()
            happened += if (SwingUtilities.isEventDispatchThread()) "row" else "elsewhere"
            return given.size < 3
        }
    }

    @Test
    fun `a row is made ready in turns of a frame's rest, and whatever else waits comes between them`() {
        SwingUtilities.invokeAndWait {
            BetweenFrames.scheduleHighPriorityPrefetch(request)
            happened += "asked"
            SwingUtilities.invokeLater { happened += "frame" }
        }
        repeat(3) { SwingUtilities.invokeAndWait {} }
        assertEquals(listOf("asked", "row", "frame", "row", "row"), happened)
        assertTrue("$given ns", given.all { it <= 4_000_000 })
    }
}
