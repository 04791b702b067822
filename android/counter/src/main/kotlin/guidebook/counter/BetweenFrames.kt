package guidebook.counter

import androidx.compose.ui.InternalComposeUiApi
import androidx.compose.ui.platform.PlatformPrefetchRequest
import androidx.compose.ui.platform.PlatformPrefetchRequestScope
import androidx.compose.ui.platform.PlatformPrefetchScheduler
import javax.swing.SwingUtilities

/** How long a frame may wait for what is made ready, in ns: half of what is left of it, once it is drawn. */
private const val MOST_NS = 4_000_000L

/**
 * Makes the rows of lists ready on Swing's thread when what was to be drawn is drawn, so that they cost the frame in which they
 * come into sight little. Compose does so on phones; in a window it makes nothing ready unless it is told how.
 */
@OptIn(InternalComposeUiApi::class)
internal object BetweenFrames : PlatformPrefetchScheduler {
    override fun scheduleHighPriorityPrefetch(request: PlatformPrefetchRequest) = schedule(request)

    override fun scheduleLowPriorityPrefetch(request: PlatformPrefetchRequest) = schedule(request)

    private fun schedule(request: PlatformPrefetchRequest) {
        SwingUtilities.invokeLater { if (more(request)) schedule(request) }
    }

    private fun more(request: PlatformPrefetchRequest): Boolean {
        val end = System.nanoTime() + MOST_NS
        val scope = object : PlatformPrefetchRequestScope {
            override fun availableTimeNanos() = end - System.nanoTime()
        }
        return with(request) { scope.execute() }
    }
}
