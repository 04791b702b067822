package guidebook.ui.members

import androidx.compose.foundation.ExperimentalFoundationApi
import androidx.compose.foundation.lazy.LazyListPrefetchStrategy
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.layout.PrefetchScheduler
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.runtime.staticCompositionLocalOf

/**
 * Who has the list's next row made ready while nothing is drawn, so that it costs the frame in which it comes into sight
 * little; null where the system sees to that, as Android does.
 */
@OptIn(ExperimentalFoundationApi::class)
val LocalRowsAhead = staticCompositionLocalOf<PrefetchScheduler?> { null }

@OptIn(ExperimentalFoundationApi::class)
private class RowsAhead(override val prefetchScheduler: PrefetchScheduler) : LazyListPrefetchStrategy by LazyListPrefetchStrategy()

/** Where the list stands. */
@OptIn(ExperimentalFoundationApi::class)
@Composable
internal fun rememberRows(): LazyListState {
    val scheduler = LocalRowsAhead.current ?: return rememberLazyListState()
    return rememberLazyListState(prefetchStrategy = remember(scheduler) { RowsAhead(scheduler) })
}
