package guidebook.ui.app

import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.Change
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
data class SyncStatus(val state: SyncState, val lost: Int, val offline: Boolean) {
    /** Edits that wait for her: refused, or lost to a later edit that she has not seen yet. */
    val attention get() = state.refused + lost
}

/**
 * Watches what waits, and sends it: when the book is opened, soon after each edit, every quarter of an hour, and when she
 * asks. A round that fails is tried again by the core.
 */
class SyncWatch(private val book: Book, private val kept: Kept, private val scope: CoroutineScope, private val ended: (Problem) -> Unit) {
    private val shown = MutableStateFlow<SyncStatus?>(null)
    val status: StateFlow<SyncStatus?> = shown

    private var patience = SOON_MS
    private var soon: Job? = null
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
        soon?.cancel()
        every?.cancel()
        shown.value = null
    }

    /** A round now. Its problem is in [status]; one that ends the book goes to the stage. */
    fun now() {
        soon?.cancel()
        soon = scope.launch {
            round()
            sendRest()
        }
    }

    suspend fun heard(change: Change) {
        refresh()
        if (change is Change.Members) patience = SOON_MS
        if (mustSend() && soon?.isActive != true) soon = scope.launch { sendRest() }
    }

    /** What was lost until now has been seen. */
    fun seen(now: Instant) {
        kept.write(SEEN, now.toEpochMilli().toString())
        scope.launch { refresh() }
    }

    /** Something waits that nobody sends: the core tries again by itself only after a round without an answer. */
    private fun mustSend(): Boolean = shown.value?.state?.let { it.waiting > 0 && !it.running && !it.retrying } ?: false

    /** Until nothing waits, also what was written during a round; ever more slowly, should the answer never come. */
    private suspend fun sendRest() {
        while (mustSend()) {
            delay(patience)
            patience = (patience * 2).coerceAtMost(QUARTER_MS)
            round()
        }
        patience = SOON_MS
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

    suspend fun refresh() {
        try {
            val state = book.syncState()
            // Whoever tried last, this or the core by itself: it tries again where there was no answer.
            shown.value = SyncStatus(state, lostSinceSeen(), state.retrying && !state.running)
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
        const val SOON_MS = 1_500L
        const val QUARTER_MS = 15 * 60_000L
    }
}
