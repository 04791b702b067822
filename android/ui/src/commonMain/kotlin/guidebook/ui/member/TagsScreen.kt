package guidebook.ui.member

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.book.Tag
import guidebook.ui.book.TagGroup
import guidebook.ui.members.Chips
import guidebook.ui.parts.ChipState
import guidebook.ui.parts.IconTouch
import guidebook.ui.parts.LineField
import guidebook.ui.parts.Nothing
import guidebook.ui.parts.Sheet
import guidebook.ui.parts.TouchChip
import guidebook.ui.parts.besideText
import guidebook.ui.theme.Icons
import guidebook.ui.words.LocalWords

@Composable
fun TagsScreen(app: AppModel, member: String) {
    val presenter = app.presenter(Place.Tags(member)) { TagsPresenter(member, app.book, app.notices, app.services.haptics, it) }
    val state by presenter.state.collectAsState()
    TagsView(state, presenter::turn, presenter::add) { app.navigator.back() }
}

@Composable
fun TagsView(state: TagsState, onTurn: (TagGroup, Tag) -> Unit, onAdd: (String, () -> Unit) -> Unit, onClose: () -> Unit) {
    val words = LocalWords.current
    val title = if (state is TagsState.Shown) "${state.name} · ${words.tagsTitle}" else words.tagsTitle
    Sheet(title, onClose) {
        when (state) {
            TagsState.Loading -> Nothing(words.loading)
            is TagsState.Failed -> Nothing(words.problem(state.problem))
            is TagsState.Shown -> {
                // Her own first: they are the ones she reaches for.
                val (own, others) = state.groups.partition { it.personal }
                PersonalGroup(own.firstOrNull(), state, onTurn, onAdd)
                for (group in others.sortedBy { !it.editable }) if (group.tags.isNotEmpty()) Group(group, state.carried, onTurn)
            }
        }
    }
}

@Composable
private fun Group(group: TagGroup, carried: Set<String>, onTurn: (TagGroup, Tag) -> Unit) {
    val words = LocalWords.current
    Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp)) {
        GroupTitle(
            group.name,
            when {
                !group.editable -> words.hqOnly
                group.singleChoice -> words.singleChoice
                else -> null
            },
            locked = !group.editable,
        )
        Column(if (group.singleChoice) Modifier.selectableGroup() else Modifier) { TagChips(group, carried, onTurn) }
        if (!group.editable) {
            Text(words.hqOnlyWhy, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodySmall)
        }
    }
}

@Composable
private fun GroupTitle(name: String, kind: String?, locked: Boolean = false) {
    Row(horizontalArrangement = Arrangement.spacedBy(6.dp), verticalAlignment = Alignment.CenterVertically) {
        Text(
            name,
            Modifier.semantics { heading() },
            color = MaterialTheme.colorScheme.onBackground,
            style = MaterialTheme.typography.titleSmall,
        )
        if (locked) Icon(Icons.Lock, null, Modifier.size(besideText(14.dp)), MaterialTheme.colorScheme.onSurfaceVariant)
        if (kind != null) Text(kind, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodySmall)
    }
}

@Composable
private fun TagChips(group: TagGroup, carried: Set<String>, onTurn: (TagGroup, Tag) -> Unit) = Chips {
    for (tag in group.tags) {
        val on = tag.id in carried
        val state = when {
            on -> ChipState.On
            group.editable -> ChipState.Off
            else -> ChipState.Locked
        }
        TouchChip(tag.name, state, single = group.singleChoice) { onTurn(group, tag) }
    }
}

@Composable
private fun PersonalGroup(group: TagGroup?, state: TagsState.Shown, onTurn: (TagGroup, Tag) -> Unit, onAdd: (String, () -> Unit) -> Unit) {
    val words = LocalWords.current
    var name by rememberSaveable { mutableStateOf("") }
    val length = name.trim().let { it.codePointCount(0, it.length) }
    val tooLong = length > state.limits.tagName

    fun add() {
        if (length > 0 && !tooLong) onAdd(name) { name = "" }
    }
    Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp)) {
        GroupTitle(words.personalTags, null)
        if (group != null && group.tags.isNotEmpty()) TagChips(group, state.carried, onTurn)
        LineField(
            words.personalTagNew,
            name,
            { name = it },
            problem = words.charactersLeft(state.limits.tagName - length).takeIf { tooLong },
            onDone = ::add,
            trailing = { IconTouch(Icons.Add, words.personalTagAdd, tint = MaterialTheme.colorScheme.primary, onClick = ::add) },
        )
    }
}
