package guidebook.ui.parts

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.material3.Button
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.Icon
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.material3.ripple
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import guidebook.ui.theme.touch

// Round by itself: a clip would cost each row of a list, in each frame, as much as its avatar.
private val round = ripple(bounded = false, radius = touch / 2)

/** An icon that can be touched: [says] is its label for who can't see it. */
@Composable
fun IconTouch(icon: ImageVector, says: String, modifier: Modifier = Modifier, tint: Color = LocalContentColor.current, onClick: () -> Unit) {
    Box(
        modifier.size(touch).clickable(null, round, role = Role.Button, onClick = onClick).semantics { contentDescription = says },
        Alignment.Center,
    ) {
        Icon(icon, null, Modifier.size(22.dp), tint)
    }
}

/** The one thing to do on a screen. */
@Composable
fun MainButton(text: String, modifier: Modifier = Modifier, enabled: Boolean = true, icon: ImageVector? = null, onClick: () -> Unit) {
    Button(
        onClick,
        modifier.fillMaxWidth().heightIn(min = 52.dp),
        enabled,
        MaterialTheme.shapes.medium,
        ButtonDefaults.buttonColors(
            disabledContainerColor = MaterialTheme.colorScheme.surfaceContainerHigh,
            disabledContentColor = MaterialTheme.colorScheme.onSurfaceVariant,
        ),
    ) {
        if (icon != null) {
            Icon(icon, null, Modifier.size(besideText(20.dp)))
            Spacer(Modifier.width(8.dp))
        }
        Text(text, style = MaterialTheme.typography.labelLarge, textAlign = TextAlign.Center)
    }
}

/** Something that can be done as well. */
@Composable
fun QuietButton(text: String, modifier: Modifier = Modifier, icon: ImageVector? = null, onClick: () -> Unit) {
    TextButton(
        onClick,
        modifier.heightIn(min = touch).defaultMinSize(minWidth = touch),
        shape = MaterialTheme.shapes.medium,
        contentPadding = PaddingValues(horizontal = 12.dp, vertical = 8.dp),
    ) {
        if (icon != null) {
            Icon(icon, null, Modifier.size(besideText(20.dp)))
            Spacer(Modifier.width(8.dp))
        }
        Text(text, style = MaterialTheme.typography.labelLarge)
    }
}

/** One of a row of deeds: an icon over a word. */
@Composable
fun DeedButton(icon: ImageVector, text: String, modifier: Modifier = Modifier, onClick: () -> Unit) {
    Surface(
        modifier.clip(MaterialTheme.shapes.medium).clickable(role = Role.Button, onClick = onClick),
        MaterialTheme.shapes.medium,
        MaterialTheme.colorScheme.primaryContainer,
        MaterialTheme.colorScheme.onPrimaryContainer,
    ) {
        Column(
            Modifier.heightIn(min = 60.dp).padding(horizontal = 4.dp, vertical = 9.dp),
            Arrangement.spacedBy(4.dp, Alignment.CenterVertically),
            Alignment.CenterHorizontally,
        ) {
            Icon(icon, null, Modifier.size(besideText(22.dp)))
            Text(text, style = MaterialTheme.typography.labelMedium, textAlign = TextAlign.Center)
        }
    }
}

/** The act that floats over the list. */
@Composable
fun FloatingButton(icon: ImageVector, text: String, modifier: Modifier = Modifier, onClick: () -> Unit) {
    Surface(
        onClick,
        modifier.heightIn(min = 56.dp).semantics { role = Role.Button },
        shape = MaterialTheme.shapes.large,
        color = MaterialTheme.colorScheme.primary,
        contentColor = MaterialTheme.colorScheme.onPrimary,
        shadowElevation = 3.dp,
    ) {
        Row(Modifier.padding(horizontal = 20.dp, vertical = 14.dp), Arrangement.spacedBy(10.dp), Alignment.CenterVertically) {
            Icon(icon, null, Modifier.size(besideText(22.dp)))
            Text(text, style = MaterialTheme.typography.labelLarge)
        }
    }
}
