package guidebook.ui.coupons

import guidebook.ui.app.Presenter
import guidebook.ui.app.orProblem
import guidebook.ui.book.Book
import guidebook.ui.book.Campaign
import guidebook.ui.book.Change
import guidebook.ui.book.CouponRow
import guidebook.ui.book.Problem
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

sealed interface CouponsState {
    data object Loading : CouponsState

    data class Failed(val problem: Problem) : CouponsState

    /** [more] coupons may lie behind the last one. */
    data class Shown(val campaigns: List<Campaign>, val coupons: List<CouponRow>, val more: Boolean) : CouponsState
}

/** The campaigns with what is left of them, and what was given out, a page at a time. */
class CouponsPresenter(private val book: Book, scope: CoroutineScope) : Presenter(scope) {
    private val shown = MutableStateFlow<CouponsState>(CouponsState.Loading)
    val state: StateFlow<CouponsState> = shown
    private var asked = 0

    init {
        scope.launch {
            book.changes.collect {
                when (it) {
                    Change.Coupons, Change.Dictionary, is Change.Members -> read()
                    Change.SyncState, Change.Book -> {}
                }
            }
        }
        scope.launch { read() }
    }

    private suspend fun read() {
        val count = ((shown.value as? CouponsState.Shown)?.coupons?.size ?: 0).coerceAtLeast(PAGE)
        shown.value = orProblem(CouponsState::Failed) {
            val coupons = book.coupons(0, count)
            asked = coupons.size
            CouponsState.Shown(book.campaigns(), coupons, coupons.size == count)
        }
    }

    /** The end of the list is in sight. */
    fun more() {
        val now = shown.value as? CouponsState.Shown ?: return
        if (!now.more || asked > now.coupons.size) return
        asked = now.coupons.size + PAGE
        scope.launch {
            val page = orProblem({ emptyList() }) { book.coupons(now.coupons.size, PAGE) }
            shown.update { if (it === now) now.copy(coupons = now.coupons + page, more = page.size == PAGE) else it }
        }
    }

    private companion object {
        const val PAGE = 50
    }
}
