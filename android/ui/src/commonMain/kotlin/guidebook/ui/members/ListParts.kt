package guidebook.ui.members

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.layout.onSizeChanged
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import guidebook.ui.book.MemberOrder
import guidebook.ui.theme.touch
import guidebook.ui.words.LocalWords

/** Three words, one of them underlined by its weight. */
@Composable
internal fun OrderSwitch(order: MemberOrder, onOrder: (MemberOrder) -> Unit) {
    val words = LocalWords.current
    Row(Modifier.selectableGroup().semantics { contentDescription = words.orderBy }) {
        for (choice in MemberOrder.entries) {
            val on = choice == order
            Box(
                Modifier.clip(MaterialTheme.shapes.small).selectable(on, role = Role.RadioButton) { onOrder(choice) }
                    .heightIn(min = touch).widthIn(min = 52.dp).padding(horizontal = 8.dp),
                Alignment.Center,
            ) {
                Text(
                    words.order(choice),
                    color = if (on) MaterialTheme.colorScheme.primary else MaterialTheme.colorScheme.onSurfaceVariant,
                    fontWeight = if (on) FontWeight.Bold else FontWeight.Normal,
                    textAlign = TextAlign.Center,
                    maxLines = 1,
                    style = MaterialTheme.typography.labelMedium,
                )
            }
        }
    }
}

/** A row whose page is still being read keeps its place, so that nothing jumps. */
@Composable
internal fun RowToCome() {
    val soft = MaterialTheme.colorScheme.surfaceContainerHigh
    Row(Modifier.fillMaxWidth().height(72.dp).padding(horizontal = 16.dp), Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
        Box(Modifier.size(42.dp).background(soft, MaterialTheme.shapes.medium))
        Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
            Box(Modifier.width(96.dp).height(14.dp).background(soft, MaterialTheme.shapes.extraSmall))
            Box(Modifier.width(160.dp).height(12.dp).background(soft, MaterialTheme.shapes.extraSmall))
        }
    }
}

/** The letter over the first of its names. */
@Composable
internal fun LetterHead(letter: String, before: String?, index: Int) {
    if (index > 0 && (before == null || before == letter)) return
    Text(
        letter,
        Modifier.padding(start = 20.dp, top = 8.dp).semantics { heading() },
        color = MaterialTheme.colorScheme.primary,
        style = MaterialTheme.typography.titleSmall,
    )
}

private val letters = ('A'..'Z').map { it.toString() } + "#"

/** The alphabet at the edge, for a finger that slides. Who can't see it has the search. */
@Composable
internal fun LetterRail(onLetter: (String) -> Unit) {
    var height by remember { mutableIntStateOf(1) }
    var last by remember { mutableStateOf("") }

    fun touched(y: Float) {
        val letter = letters[(y / height * letters.size).toInt().coerceIn(letters.indices)]
        if (letter != last) onLetter(letter)
        last = letter
    }
    Column(
        Modifier.fillMaxHeight().padding(bottom = 88.dp).width(28.dp).onSizeChanged { height = it.height.coerceAtLeast(1) }
            .pointerInput(Unit) {
                awaitPointerEventScope {
                    while (true) {
                        val change = awaitPointerEvent().changes.first()
                        if (change.pressed) touched(change.position.y) else last = ""
                        change.consume()
                    }
                }
            }.clearAndSetSemantics {},
        Arrangement.SpaceEvenly,
        Alignment.CenterHorizontally,
    ) {
        // All 27 have to fit, whatever the size of the text.
        val small = with(LocalDensity.current) { MaterialTheme.typography.labelSmall.copy(fontSize = 11.dp.toSp(), lineHeight = 14.dp.toSp()) }
        for (letter in letters) Text(letter, color = MaterialTheme.colorScheme.primary, style = small)
    }
}
