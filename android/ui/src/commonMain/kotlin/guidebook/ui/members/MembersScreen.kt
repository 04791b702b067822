package guidebook.ui.members

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.navigationBarsPadding
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.statusBarsPadding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.app.Stage
import guidebook.ui.app.SyncStatus
import guidebook.ui.book.ListRequest
import guidebook.ui.book.MemberOrder
import guidebook.ui.book.MemberRow
import guidebook.ui.parts.FloatingButton
import guidebook.ui.parts.IconTouch
import guidebook.ui.parts.MainButton
import guidebook.ui.parts.MemberRowItem
import guidebook.ui.parts.QuietButton
import guidebook.ui.parts.Reading
import guidebook.ui.parts.SearchField
import guidebook.ui.parts.Statement
import guidebook.ui.parts.SyncPill
import guidebook.ui.theme.Icons
import guidebook.ui.words.LocalWords
import java.time.Instant
import java.time.LocalDate

const val LIST_TAG = "members"

/** What she can do on the list. */
class MembersDeeds(
    val type: (String) -> Unit,
    val order: (MemberOrder) -> Unit,
    val need: (Int) -> Unit,
    val open: (MemberRow) -> Unit,
    val go: (Place) -> Unit,
    val letter: (String) -> Unit,
    val choose: () -> Unit,
    val clear: () -> Unit,
    val retry: () -> Unit,
)

/** The list of [app]; [shownId] is the member who stands beside it in a wide window. */
@Composable
fun MembersScreen(app: AppModel, searchFocus: FocusRequester, shownId: String?, onOpen: (MemberRow) -> Unit) {
    val presenter = app.presenter(Place.Members) { MembersPresenter(app.book, it) }
    val told by presenter.state.collectAsState()
    val stage by app.stage.collectAsState()
    // A book that can't be read says so at the door.
    val state = if (stage == Stage.Entering && told.found is Found.Failed) told.copy(found = Found.Loading) else told
    val status by app.sync.status.collectAsState()
    val deeds = remember(presenter, onOpen) {
        MembersDeeds(
            type = presenter::type,
            order = presenter::order,
            need = presenter::need,
            open = onOpen,
            go = app.navigator::go,
            letter = presenter::jumpToLetter,
            choose = { presenter.choose(onOpen) },
            clear = { presenter.filter(Filter()) },
            retry = presenter::look,
        )
    }
    // One object as long as the day lasts: what is drawn from another is drawn anew.
    val day = LocalDate.now(app.services.clock)
    val today = remember(day) { day }
    MembersView(state, status, app.services.clock.instant(), today, searchFocus, shownId, deeds)
}

/** Draws the list. */
@Composable
fun MembersView(
    state: MembersState,
    status: SyncStatus?,
    now: Instant,
    today: LocalDate,
    searchFocus: FocusRequester,
    shownId: String?,
    deeds: MembersDeeds,
) {
    val words = LocalWords.current
    Box(Modifier.fillMaxSize().statusBarsPadding()) {
        Column(Modifier.fillMaxSize()) {
            MembersTop(state, status, now, searchFocus, deeds)
            Box(Modifier.weight(1f)) {
                when (val found = state.found) {
                    Found.Loading -> Reading()
                    is Found.Failed -> Statement(Icons.Alert, words.faultTitle, words.problem(found.problem)) {
                        MainButton(words.retry, onClick = deeds.retry)
                    }
                    Found.Nobody -> NobodyHere(state.wish, deeds)
                    is Found.Rows -> {
                        val names = remember(state.groups) { state.groups.flatMap { it.tags }.associate { it.id to it.name } }
                        Rows(found, state.wish, state.jump, state.cursor, names, today, shownId, deeds)
                    }
                }
            }
        }
        FloatingButton(Icons.AddPerson, words.walkin, Modifier.align(Alignment.BottomEnd).navigationBarsPadding().padding(16.dp)) {
            deeds.go(Place.Walkin)
        }
    }
}

@Composable
private fun MembersTop(state: MembersState, status: SyncStatus?, now: Instant, searchFocus: FocusRequester, deeds: MembersDeeds) {
    val words = LocalWords.current
    Column(Modifier.fillMaxWidth()) {
        Row(Modifier.fillMaxWidth().padding(start = 16.dp, end = 4.dp), verticalAlignment = Alignment.CenterVertically) {
            Box(Modifier.weight(1f)) { SyncPill(status, now) { deeds.go(Place.Sync) } }
            IconTouch(Icons.Ticket, words.coupons) { deeds.go(Place.Coupons) }
            IconTouch(Icons.Settings, words.settings) { deeds.go(Place.Settings) }
        }
        Row(Modifier.fillMaxWidth().padding(start = 16.dp, end = 4.dp), verticalAlignment = Alignment.CenterVertically) {
            SearchField(
                state.wish.text,
                searchFocus,
                onSearch = deeds.choose,
                Modifier.weight(1f),
                onChange = deeds.type,
            )
            FilterButton(state.wish.filter.count) { deeds.go(Place.Filter) }
        }
        CountAndOrder(state, deeds)
    }
}

@Composable
private fun FilterButton(count: Int, onClick: () -> Unit) {
    val words = LocalWords.current
    val tint = if (count > 0) MaterialTheme.colorScheme.primary else MaterialTheme.colorScheme.onBackground
    Box {
        IconTouch(Icons.Filter, if (count > 0) words.filterOn(count) else words.filter, tint = tint, onClick = onClick)
        if (count > 0) {
            Surface(
                Modifier.align(Alignment.TopEnd).padding(top = 3.dp, end = 3.dp),
                CircleShape,
                MaterialTheme.colorScheme.primary,
                MaterialTheme.colorScheme.onPrimary,
            ) {
                val small = with(LocalDensity.current) { MaterialTheme.typography.labelSmall.copy(fontSize = 11.dp.toSp(), lineHeight = 14.dp.toSp()) }
                Text(count.toString(), Modifier.padding(vertical = 1.dp).widthIn(min = 16.dp), textAlign = TextAlign.Center, style = small)
            }
        }
    }
}

/** How many, in what order; under it, where it has all the room, by which filter. */
@Composable
private fun CountAndOrder(state: MembersState, deeds: MembersDeeds) {
    val words = LocalWords.current
    Column(Modifier.fillMaxWidth().padding(start = 20.dp, end = 12.dp)) {
        Row(verticalAlignment = Alignment.CenterVertically) {
            val total = (state.found as? Found.Rows)?.total
            Told(total?.let(words::members).orEmpty(), Modifier.weight(1f).semantics { liveRegion = LiveRegionMode.Polite })
            OrderSwitch(state.wish.order, deeds.order)
        }
        val filter = state.wish.filter.said(state.groups, words)
        if (filter.isNotEmpty()) Told(filter, Modifier.padding(bottom = 8.dp))
    }
}

@Composable
private fun Told(text: String, modifier: Modifier = Modifier) = Text(
    text,
    modifier,
    color = MaterialTheme.colorScheme.onSurfaceVariant,
    maxLines = 2,
    overflow = TextOverflow.Ellipsis,
    style = MaterialTheme.typography.bodySmall,
)

@Composable
private fun NobodyHere(wish: Wish, deeds: MembersDeeds) {
    val words = LocalWords.current
    when {
        wish.text.isNotBlank() -> Statement(Icons.Search, words.noMatchTitle, words.noMatchLead(wish.text)) {
            QuietButton(words.searchClear) { deeds.type("") }
        }
        wish.filter.count > 0 -> Statement(Icons.Filter, words.noMatchTitle, words.noFilterMatchLead) {
            MainButton(words.clearFilter) { deeds.clear() }
        }
        else -> Statement(Icons.Book, words.noMembersTitle, words.noMembersLead)
    }
}

@Composable
private fun Rows(
    found: Found.Rows,
    wish: Wish,
    jump: Jump?,
    cursor: Int?,
    tagNames: Map<String, String>,
    today: LocalDate,
    shownId: String?,
    deeds: MembersDeeds,
) {
    val list = rememberLazyListState()
    Follow(jump, cursor, list)
    // Of the wish only what the rows are drawn from: while she types they stand as they are until the answer is there.
    val order = wish.order
    val letters = order == MemberOrder.Name && wish.text.isBlank()
    Row(Modifier.fillMaxSize()) {
        LazyColumn(Modifier.weight(1f).testTag(LIST_TAG), list, PaddingValues(bottom = 96.dp), verticalArrangement = Arrangement.Top) {
            items(found.total, key = null, contentType = { 0 }) { index ->
                val row = found.row(index)
                if (row == null) {
                    LaunchedEffect(index) { deeds.need(index) }
                    RowToCome()
                } else {
                    // The next page is read before she comes to it.
                    if (index % ListRequest.PAGE == ListRequest.PAGE / 2) {
                        LaunchedEffect(found) { deeds.need((index + ListRequest.PAGE).coerceAtMost(found.total - 1)) }
                    }
                    Column {
                        if (letters) LetterHead(row.indexLetter, found.row(index - 1)?.indexLetter, index)
                        MemberRowItem(
                            row,
                            order,
                            tagNames,
                            today,
                            chosen = cursor == index || (cursor == null && row.id == shownId),
                            onOpen = { deeds.open(row) },
                            onTags = { deeds.go(Place.Tags(row.id)) },
                        )
                    }
                }
            }
        }
        if (letters && found.total > LETTERS_FROM) LetterRail(deeds.letter)
    }
}

/** Below this many an index of letters is no help. */
private const val LETTERS_FROM = 30

/** Scrolls where the presenter wants it. */
@Composable
private fun Follow(jump: Jump?, cursor: Int?, list: LazyListState) {
    LaunchedEffect(jump) {
        val row = jump?.row ?: return@LaunchedEffect
        // Scrolling to where it stands would measure and draw it all the same.
        if (list.firstVisibleItemIndex != row || list.firstVisibleItemScrollOffset != 0) list.scrollToItem(row)
    }
    LaunchedEffect(cursor) {
        if (cursor == null) return@LaunchedEffect
        val seen = list.layoutInfo.visibleItemsInfo
        if (seen.isNotEmpty() && cursor !in seen.first().index + 1 until seen.last().index) list.scrollToItem((cursor - 2).coerceAtLeast(0))
    }
}
