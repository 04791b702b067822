package guidebook.ui.members

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.book.TagGroup
import guidebook.ui.parts.Balanced
import guidebook.ui.parts.ChipState
import guidebook.ui.parts.MainButton
import guidebook.ui.parts.QuietButton
import guidebook.ui.parts.Sheet
import guidebook.ui.parts.TouchChip
import guidebook.ui.theme.Icons
import guidebook.ui.words.LocalWords

/** The list narrows behind the sheet with each tap, so the button can say how many it will show. */
@Composable
fun FilterScreen(app: AppModel) {
    val presenter = app.presenter(Place.Members) { MembersPresenter(app.book, it) }
    val state by presenter.state.collectAsState()
    val count = when (val found = state.found) {
        is Found.Rows -> found.total
        Found.Nobody -> 0
        Found.Loading, is Found.Failed -> null
    }
    FilterView(state.wish.filter, state.groups, count, presenter::filter) { app.navigator.back() }
}

@Composable
fun FilterView(filter: Filter, groups: List<TagGroup>, count: Int?, onFilter: (Filter) -> Unit, onClose: () -> Unit) {
    val words = LocalWords.current
    Sheet(
        words.filterTitle,
        onClose,
        foot = {
            Row(Modifier.fillMaxWidth().padding(top = 10.dp), Arrangement.spacedBy(8.dp), Alignment.CenterVertically) {
                if (filter.count > 0) QuietButton(words.filterReset) { onFilter(Filter()) }
                MainButton(words.filterShow(count), Modifier.weight(1f), icon = Icons.Check, onClick = onClose)
            }
        },
    ) {
        val said = filter.said(groups, words)
        Balanced(
            said.ifEmpty { words.filterHow },
            if (said.isEmpty()) MaterialTheme.colorScheme.onSurfaceVariant else MaterialTheme.colorScheme.primary,
            if (said.isEmpty()) MaterialTheme.typography.bodyMedium else MaterialTheme.typography.titleMedium,
            align = TextAlign.Start,
        )
        Chips {
            TouchChip(words.filterBirthday, if (filter.birthdayThisWeek) ChipState.On else ChipState.Off) {
                onFilter(filter.copy(birthdayThisWeek = !filter.birthdayThisWeek))
            }
            TouchChip(words.filterFollowUp, if (filter.followUpDue) ChipState.On else ChipState.Off) {
                onFilter(filter.copy(followUpDue = !filter.followUpDue))
            }
        }
        for (group in groups.filter { it.tags.isNotEmpty() }) FilterGroup(group, filter, onFilter)
    }
}

@Composable
private fun FilterGroup(group: TagGroup, filter: Filter, onFilter: (Filter) -> Unit) {
    val words = LocalWords.current
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Text(
            if (group.personal) words.personalTags else group.name,
            Modifier.semantics { heading() },
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            style = MaterialTheme.typography.titleSmall,
        )
        Chips {
            for (tag in group.tags) {
                val (state, says) = when (tag.id) {
                    in filter.wanted -> ChipState.On to words.tagWanted
                    in filter.excluded -> ChipState.Excluded to words.tagExcluded
                    else -> ChipState.Off to words.tagOff
                }
                TouchChip(tag.name, state, says) { onFilter(filter.turned(tag.id)) }
            }
        }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun Chips(content: @Composable () -> Unit) =
    FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) { content() }
