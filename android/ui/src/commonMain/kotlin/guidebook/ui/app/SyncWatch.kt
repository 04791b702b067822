package guidebook.ui.app

import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.Fate
import guidebook.ui.book.Problem
import guidebook.ui.book.SyncState
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch
import java.time.Instant

/** How it stands with headquarters, in the order in which it matters to her. */
data class SyncStatus(val state: SyncState, val lost: Int) {
    /** Whoever tried last, the screens or the core by itself, had no answer. */
    val offline get() = state.retrying && !state.running

    /** Edits that wait for her: refused, or lost to a later edit that she has not seen yet. */
    val attention get() = state.refused + lost
}

/**
 * Watches what waits, and asks for a round when the book is opened, every quarter of an hour, and when she wants one. What she
 * writes the core sends by itself, for an open book is live; a round that fails it tries again.
 */
class SyncWatch(private val book: Book, private val kept: Kept, private val scope: CoroutineScope, private val ended: (Problem) -> Unit) {
    private val shown = MutableStateFlow<SyncStatus?>(null)
    val status: StateFlow<SyncStatus?> = shown

    private var asked: Job? = null
    private var every: Job? = null

    fun start() {
        every?.cancel()
        every = scope.launch {
            while (true) {
                val comeBack = round()
                delay(maxOf(QUARTER_MS, (comeBack ?: 0) * 1_000L))
            }
        }
    }

    fun stop() {
        asked?.cancel()
        every?.cancel()
        shown.value = null
    }

    /** A round now. Its problem is in [status]; one that ends the book goes to the stage. */
    fun now() {
        asked?.cancel()
        asked = scope.launch { round() }
    }

    /** What was lost until now has been seen. */
    fun seen(now: Instant) {
        kept.write(SEEN, now.toEpochMilli().toString())
        scope.launch { refresh() }
    }

    /** In how many seconds the server wants the next, if it says so. */
    private suspend fun round(): Int? {
        val comeBack = try {
            book.syncNow()
        } catch (e: BookException) {
            if (e.problem == Problem.Wiped || e.problem == Problem.SignedOut) {
                ended(e.problem)
                return null
            }
            (e.problem as? Problem.Busy)?.comeBackSeconds
        }
        refresh()
        return comeBack
    }

    /** Reads again how it stands; for whoever hears of a change. */
    suspend fun refresh() {
        try {
            val state = book.syncState()
            shown.value = SyncStatus(state, lostSinceSeen())
        } catch (_: BookException) {
            shown.value = null
        }
    }

    private suspend fun lostSinceSeen(): Int {
        val since = kept.read(SEEN)?.toLongOrNull() ?: 0
        return try {
            book.edits(null, 0, RECENT).count { it.fate is Fate.Superseded && it.at.toEpochMilli() > since }
        } catch (_: BookException) {
            0
        }
    }

    private companion object {
        const val SEEN = "sync.seen"
        const val RECENT = 50
        const val QUARTER_MS = 15 * 60_000L
    }
}
