package guidebook.ui.parts

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import guidebook.ui.app.SyncStatus
import guidebook.ui.theme.Icons
import guidebook.ui.theme.touch
import guidebook.ui.words.LocalWords
import guidebook.ui.words.Words
import guidebook.ui.words.ago
import java.time.Instant

/** How it stands, in words: never a bare spinner. */
fun SyncStatus?.said(now: Instant, words: Words): String {
    val state = this?.state ?: return words.neverSynced
    val contact = state.lastContact
    return when {
        attention > 0 -> words.attention(attention)
        offline -> words.offline(state.waiting)
        state.running -> if (state.waiting > 0) words.sending else words.fetchingNow
        state.waiting > 0 -> words.waiting(state.waiting)
        contact == null -> words.neverSynced
        else -> words.synced(ago(contact, now))
    }
}

private fun SyncStatus?.icon(): ImageVector = when {
    this == null -> Icons.Cloud
    attention > 0 -> Icons.Alert
    offline -> Icons.CloudOff
    state.running -> Icons.Again
    state.waiting > 0 -> Icons.Up
    else -> Icons.Check
}

/** Opens what waits to be sent. */
@Composable
fun SyncPill(status: SyncStatus?, now: Instant, modifier: Modifier = Modifier, onClick: () -> Unit) {
    val colours = MaterialTheme.colorScheme
    val (background, foreground) = when {
        (status?.attention ?: 0) > 0 -> colours.errorContainer to colours.onErrorContainer
        status?.offline == true -> colours.surfaceContainerHigh to colours.onSurface
        (status?.state?.waiting ?: 0) > 0 -> colours.tertiaryContainer to colours.onTertiaryContainer
        else -> colours.secondaryContainer to colours.onSecondaryContainer
    }
    Box(
        modifier.heightIn(min = touch).clip(CircleShape).clickable(role = Role.Button, onClick = onClick),
        Alignment.CenterStart,
    ) {
        Surface(shape = CircleShape, color = background, contentColor = foreground) {
            Row(
                Modifier.heightIn(min = 36.dp).padding(start = 12.dp, end = 14.dp, top = 6.dp, bottom = 6.dp),
                Arrangement.spacedBy(6.dp),
                Alignment.CenterVertically,
            ) {
                Icon(status.icon(), null, Modifier.size(besideText(16.dp)))
                Text(
                    status.said(now, LocalWords.current),
                    style = MaterialTheme.typography.labelMedium,
                    maxLines = 1,
                    overflow = TextOverflow.Ellipsis,
                )
            }
        }
    }
}
