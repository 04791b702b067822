package guidebook.counter

import androidx.compose.foundation.ExperimentalFoundationApi
import androidx.compose.foundation.lazy.layout.PrefetchRequest
import androidx.compose.foundation.lazy.layout.PrefetchRequestScope
import androidx.compose.foundation.lazy.layout.PrefetchScheduler
import javax.swing.SwingUtilities

/** How long a frame may wait for what is made ready, in ns: half of what is left of it, once it is drawn. */
private const val MOST_NS = 4_000_000L

/** Makes rows ready on Swing's thread when what was to be drawn is drawn: Compose does so on phones, but not in a window. */
@OptIn(ExperimentalFoundationApi::class)
internal object BetweenFrames : PrefetchScheduler {
    override fun schedulePrefetch(prefetchRequest: PrefetchRequest) {
        SwingUtilities.invokeLater { if (more(prefetchRequest)) schedulePrefetch(prefetchRequest) }
    }

    private fun more(request: PrefetchRequest): Boolean {
        val end = System.nanoTime() + MOST_NS
        val scope = object : PrefetchRequestScope {
            override fun availableTimeNanos() = end - System.nanoTime()
        }
        return with(request) { scope.execute() }
    }
}
