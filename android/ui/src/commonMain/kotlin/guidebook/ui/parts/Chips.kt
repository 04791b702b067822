package guidebook.ui.parts

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.text.style.TextDecoration
import androidx.compose.ui.unit.dp
import guidebook.ui.theme.Icons
import guidebook.ui.theme.touch

/** A word in a coloured field, that only tells. */
@Composable
fun Badge(text: String, background: Color, foreground: Color, modifier: Modifier = Modifier) {
    // One node: a list draws three of them in each row.
    Word(
        text,
        foreground,
        MaterialTheme.typography.labelSmall,
        modifier.background(background, MaterialTheme.shapes.extraSmall).padding(horizontal = 6.dp, vertical = 2.dp),
    )
}

/** Her level, in gold. */
@Composable
fun LevelBadge(level: String, modifier: Modifier = Modifier) =
    Badge(level, MaterialTheme.colorScheme.tertiaryContainer, MaterialTheme.colorScheme.onTertiaryContainer, modifier)

@Composable
fun TagBadge(name: String, modifier: Modifier = Modifier) =
    Badge(name, MaterialTheme.colorScheme.secondaryContainer, MaterialTheme.colorScheme.onSecondaryContainer, modifier)

enum class ChipState { Off, On, Excluded, Locked }

/** A chip under the finger. In a group of which only one holds, [single] makes it say so. */
@Composable
fun TouchChip(text: String, state: ChipState, says: String? = null, single: Boolean = false, onClick: () -> Unit) {
    val shape = MaterialTheme.shapes.small
    val on = state == ChipState.On
    val touched = Modifier.clip(shape).let {
        if (single) {
            it.selectable(on, role = Role.RadioButton, onClick = onClick)
        } else {
            it.toggleable(on, role = Role.Checkbox, onValueChange = { onClick() })
        }
    }
    Surface(
        touched.semantics { if (says != null) stateDescription = says },
        shape,
        chipBackground(state),
        chipForeground(state),
        border = BorderStroke(1.dp, MaterialTheme.colorScheme.outlineVariant).takeIf { state == ChipState.Off },
    ) {
        Row(
            Modifier.heightIn(min = touch).widthIn(min = touch).padding(horizontal = 14.dp),
            Arrangement.spacedBy(6.dp, Alignment.CenterHorizontally),
            Alignment.CenterVertically,
        ) {
            chipIcon(state)?.let { Icon(it, null, Modifier.size(besideText(16.dp))) }
            Text(
                text,
                style = MaterialTheme.typography.labelLarge,
                textDecoration = TextDecoration.LineThrough.takeIf { state == ChipState.Excluded },
            )
        }
    }
}

private fun chipIcon(state: ChipState) = when (state) {
    ChipState.Off -> null
    ChipState.On -> Icons.Check
    ChipState.Excluded -> Icons.Close
    ChipState.Locked -> Icons.Lock
}

@Composable
private fun chipBackground(state: ChipState) = when (state) {
    ChipState.Off -> MaterialTheme.colorScheme.surfaceContainerLow
    ChipState.On -> MaterialTheme.colorScheme.primary
    ChipState.Excluded -> MaterialTheme.colorScheme.errorContainer
    ChipState.Locked -> MaterialTheme.colorScheme.surfaceContainerHigh
}

@Composable
private fun chipForeground(state: ChipState) = when (state) {
    ChipState.Off -> MaterialTheme.colorScheme.onSurface
    ChipState.On -> MaterialTheme.colorScheme.onPrimary
    ChipState.Excluded -> MaterialTheme.colorScheme.onErrorContainer
    ChipState.Locked -> MaterialTheme.colorScheme.onSurfaceVariant
}
