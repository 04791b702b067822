package guidebook.ui.parts

import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import guidebook.ui.app.Notice
import guidebook.ui.app.Notices
import guidebook.ui.theme.touch
import guidebook.ui.words.LocalWords
import kotlinx.coroutines.delay

private const val SHOWN_MS = 6_000L

/** What just happened, with the way back. Goes by itself. */
@Composable
fun NoticeBar(notice: Notice, notices: Notices, modifier: Modifier = Modifier) {
    val words = LocalWords.current
    LaunchedEffect(notice) {
        delay(SHOWN_MS)
        notices.dismiss(notice)
    }
    Surface(
        modifier.padding(16.dp).widthIn(max = 560.dp).semantics { liveRegion = LiveRegionMode.Polite },
        MaterialTheme.shapes.medium,
        MaterialTheme.colorScheme.inverseSurface,
        MaterialTheme.colorScheme.inverseOnSurface,
        shadowElevation = 8.dp,
    ) {
        Row(Modifier.heightIn(min = 52.dp).padding(start = 16.dp, end = 6.dp), verticalAlignment = Alignment.CenterVertically) {
            Text(notice.say(words), Modifier.weight(1f).padding(vertical = 12.dp), style = MaterialTheme.typography.bodyMedium)
            val undo = notice.undo
            if (undo != null) {
                TextButton(
                    {
                        notices.dismiss(notice)
                        undo()
                    },
                    Modifier.heightIn(min = touch),
                    colors = ButtonDefaults.textButtonColors(contentColor = MaterialTheme.colorScheme.inversePrimary),
                ) {
                    Text(words.undo, style = MaterialTheme.typography.labelLarge)
                }
            }
        }
    }
}
