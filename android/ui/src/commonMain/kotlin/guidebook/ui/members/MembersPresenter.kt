package guidebook.ui.members

import guidebook.ui.app.Presenter
import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.Change
import guidebook.ui.book.ListRequest
import guidebook.ui.book.MemberOrder
import guidebook.ui.book.MemberRow
import guidebook.ui.book.Problem
import guidebook.ui.book.TagGroup
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What she asks of the list. */
data class Wish(val text: String = "", val filter: Filter = Filter(), val order: MemberOrder = MemberOrder.Recent)

sealed interface Found {
    data object Loading : Found

    /** Nobody is in the book, or nobody fits the wish. */
    data object Nobody : Found

    data class Failed(val problem: Problem) : Found

    /** [pages] holds the pages read so far, by number; rows of the others are still to come. */
    data class Rows(val total: Int, val pages: Map<Int, List<MemberRow>>) : Found {
        fun row(index: Int): MemberRow? = pages[index / ListRequest.PAGE]?.getOrNull(index % ListRequest.PAGE)
    }
}

data class MembersState(
    val wish: Wish = Wish(),
    val found: Found = Found.Loading,
    val groups: List<TagGroup> = emptyList(),
    /** The row that the arrows have reached. */
    val cursor: Int? = null,
    /** Where the list is to be scrolled to; counted up, so that the same row can be asked for twice. */
    val jump: Jump? = null,
)

data class Jump(val row: Int, val count: Int)

/** The list: what is typed, what is found, page by page. */
class MembersPresenter(private val book: Book, scope: CoroutineScope) : Presenter(scope) {
    private val shown = MutableStateFlow(MembersState())
    val state: StateFlow<MembersState> = shown

    private var search: Job? = null
    private val asked = HashSet<Int>()

    init {
        scope.launch { book.changes.collect(::heard) }
        look()
    }

    fun type(text: String) = wish { it.copy(text = text) }

    fun filter(filter: Filter) = wish { it.copy(filter = filter) }

    fun order(order: MemberOrder) = wish { it.copy(order = order) }

    private fun wish(change: (Wish) -> Wish) {
        val before = shown.value.wish
        shown.update { it.copy(wish = change(it.wish), cursor = null) }
        if (before == shown.value.wish) return
        jumpTo(0)
        find()
    }

    /** Reads all, at first and after a failure. */
    fun look() {
        scope.launch {
            readGroups()
            find()
        }
    }

    /** The row at [index] is about to be seen: its page is read, once. */
    fun need(index: Int) {
        val page = index / ListRequest.PAGE
        val rows = shown.value.found as? Found.Rows ?: return
        if (page in rows.pages || !asked.add(page)) return
        scope.launch { readPage(shown.value.wish, page) }
    }

    /** The arrows; null where there is no row to reach. */
    fun moveCursor(by: Int) {
        val rows = shown.value.found as? Found.Rows ?: return
        val next = ((shown.value.cursor ?: -1) + by).coerceIn(0, rows.total - 1)
        need(next)
        shown.update { it.copy(cursor = next) }
    }

    /** The row under the cursor, or the only sensible one: the first. Waits for what is being searched: a scanner's Enter comes before its answer. */
    fun choose(then: (MemberRow) -> Unit) {
        scope.launch {
            var waited: Job? = null
            while (waited !== search) waited = search?.also { it.join() }
            (shown.value.found as? Found.Rows)?.row(shown.value.cursor ?: 0)?.let(then)
        }
    }

    /** Scrolls to the first name under [letter]. The names are in order, so a few looks find it among 20,000. */
    fun jumpToLetter(letter: String) {
        scope.launch {
            val total = (shown.value.found as? Found.Rows)?.total ?: return@launch
            var low = 0
            var high = total - 1
            while (low < high) {
                val middle = (low + high) / 2
                val there = letterAt(middle) ?: return@launch
                if (place(there) < place(letter)) low = middle + 1 else high = middle
            }
            jumpTo(low)
        }
    }

    private suspend fun letterAt(index: Int): String? = try {
        val request = request(shown.value.wish).copy(offset = index, limit = 1)
        book.list(request).rows.firstOrNull()?.indexLetter
    } catch (_: BookException) {
        null
    }

    /** What has no letter comes last. */
    private fun place(letter: String) = if (letter == "#") "[" else letter

    private fun jumpTo(row: Int) = shown.update { it.copy(jump = Jump(row, (it.jump?.count ?: 0) + 1)) }

    private fun request(wish: Wish) = wish.filter.on(ListRequest(text = wish.text.trim(), order = wish.order), shown.value.groups)

    /** A wish overtakes the one before. */
    private fun find() {
        search?.cancel()
        search = scope.launch {
            val wish = shown.value.wish
            val found = try {
                val page = book.list(request(wish))
                if (page.total == 0) Found.Nobody else Found.Rows(page.total, mapOf(0 to page.rows))
            } catch (e: BookException) {
                Found.Failed(e.problem)
            }
            if (wish != shown.value.wish) return@launch
            asked.clear()
            asked += 0
            shown.update { it.copy(found = found) }
        }
    }

    private suspend fun readPage(wish: Wish, page: Int) {
        val rows = try {
            book.list(request(wish).copy(offset = page * ListRequest.PAGE)).rows
        } catch (_: BookException) {
            asked -= page
            return
        }
        shown.update { state ->
            val found = state.found as? Found.Rows
            if (found == null || state.wish != wish) state else state.copy(found = found.copy(pages = found.pages + (page to rows)))
        }
    }

    /** The pages that were read are read again, so that the list stays where it is. */
    private suspend fun again() {
        val wish = shown.value.wish
        val before = shown.value.found as? Found.Rows ?: return find()
        val near = before.pages.keys.sorted().takeLast(PAGES_KEPT)
        try {
            var total = 0
            val pages = (near + 0).distinct().associateWith { page ->
                book.list(request(wish).copy(offset = page * ListRequest.PAGE)).also { total = it.total }.rows
            }
            if (wish != shown.value.wish) return
            asked.clear()
            asked += pages.keys
            shown.update { it.copy(found = if (total == 0) Found.Nobody else Found.Rows(total, pages.filterValues { rows -> rows.isNotEmpty() })) }
        } catch (e: BookException) {
            shown.update { it.copy(found = Found.Failed(e.problem)) }
        }
    }

    private suspend fun readGroups() {
        try {
            val groups = book.tagGroups()
            shown.update { it.copy(groups = groups) }
        } catch (_: BookException) {
            // Rows then show no tags; the list itself says what is wrong.
        }
    }

    private suspend fun heard(change: Change) {
        when (change) {
            is Change.Members -> again()
            Change.Dictionary, Change.Book -> {
                readGroups()
                again()
            }
            Change.SyncState -> if (showsWaiting()) again()
            Change.Coupons -> {}
        }
    }

    private fun showsWaiting() = (shown.value.found as? Found.Rows)?.pages.orEmpty().values.any { rows -> rows.any { it.waiting > 0 } }

    private companion object {
        const val PAGES_KEPT = 4
    }
}
