package guidebook.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.interaction.MutableInteractionSource
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.navigationBarsPadding
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.statusBarsPadding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.CornerSize
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.paneTitle
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import guidebook.ui.theme.Icons
import guidebook.ui.words.LocalWords

/** Lies over the screen below: at the foot on a phone, in the middle of a wide window. [foot] stays while the rest scrolls. */
@Composable
fun Sheet(title: String, onClose: () -> Unit, foot: @Composable (ColumnScope.() -> Unit)? = null, content: @Composable ColumnScope.() -> Unit) {
    BoxWithConstraints(Modifier.fillMaxSize()) {
        val wide = maxWidth >= WIDE
        Scrim(onClose)
        val rounded = MaterialTheme.shapes.extraLarge
        Surface(
            Modifier.align(if (wide) Alignment.Center else Alignment.BottomCenter).statusBarsPadding().padding(top = 40.dp)
                .widthIn(max = 560.dp).fillMaxWidth().semantics { paneTitle = title }
                .pointerInput(Unit) { /* a touch beside the buttons must not reach the scrim */ },
            if (wide) rounded else rounded.copy(bottomStart = CornerSize(0.dp), bottomEnd = CornerSize(0.dp)),
            MaterialTheme.colorScheme.background,
            MaterialTheme.colorScheme.onBackground,
            shadowElevation = 12.dp,
        ) {
            Column(Modifier.fillMaxWidth().imePadding().navigationBarsPadding()) {
                SheetTitle(title, onClose)
                Column(
                    Modifier.weight(1f, fill = false).verticalScroll(rememberScrollState()).padding(horizontal = 20.dp).padding(bottom = 20.dp),
                    Arrangement.spacedBy(14.dp),
                    content = content,
                )
                if (foot != null) Column(Modifier.padding(horizontal = 20.dp).padding(bottom = 16.dp), content = foot)
            }
        }
    }
}

@Composable
private fun SheetTitle(title: String, onClose: () -> Unit) {
    Row(Modifier.fillMaxWidth().heightIn(min = 60.dp).padding(start = 20.dp, end = 8.dp), verticalAlignment = Alignment.CenterVertically) {
        Text(
            title,
            Modifier.weight(1f).semantics { heading() },
            style = MaterialTheme.typography.titleLarge,
            maxLines = 2,
            overflow = TextOverflow.Ellipsis,
        )
        IconTouch(Icons.Close, LocalWords.current.close, onClick = onClose)
    }
}

@Composable
private fun Scrim(onClose: () -> Unit) {
    val says = LocalWords.current.close
    Box(
        Modifier.fillMaxSize().background(MaterialTheme.colorScheme.scrim.copy(alpha = 0.42f))
            .clickable(remember { MutableInteractionSource() }, null, role = Role.Button, onClick = onClose)
            .semantics { contentDescription = says },
    )
}

/** From this width on, list and detail stand side by side. */
val WIDE = 840.dp
