package guidebook.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxScope
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.navigationBarsPadding
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.statusBarsPadding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.layout.layout
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import guidebook.ui.theme.Icons
import guidebook.ui.theme.colours
import guidebook.ui.words.LocalWords

/** How wide a page gets: no wider than is good to read. */
private val PAGE = 640.dp

/** The bar of a screen that was opened from another, as wide as its page. Without [onBack] it stands beside the list. */
@Composable
private fun TopBar(title: String, onBack: (() -> Unit)?, widest: Dp = PAGE, actions: @Composable RowScope.() -> Unit = {}) {
    val words = LocalWords.current
    Row(Modifier.widthIn(max = widest).fillMaxWidth().heightIn(min = 56.dp).padding(horizontal = 4.dp), verticalAlignment = Alignment.CenterVertically) {
        if (onBack != null) IconTouch(Icons.Back, words.back, onClick = onBack)
        Text(
            title,
            Modifier.weight(1f).padding(start = if (onBack == null) 16.dp else 4.dp).semantics { heading() },
            style = MaterialTheme.typography.titleLarge,
            maxLines = 2,
            overflow = TextOverflow.Ellipsis,
        )
        actions()
    }
}

/** What every screen stands on. Drawn once: a ground of a screen's own would be drawn over it in each frame. */
@Composable
fun Ground(modifier: Modifier = Modifier, content: @Composable BoxScope.() -> Unit) =
    Box(modifier.fillMaxSize().background(MaterialTheme.colorScheme.background), content = content)

/** A page that scrolls. */
@Composable
fun Page(
    title: String,
    onBack: (() -> Unit)?,
    actions: @Composable RowScope.() -> Unit = {},
    widest: Dp = PAGE,
    content: @Composable ColumnScope.() -> Unit,
) {
    Column(
        Modifier.fillMaxSize().statusBarsPadding(),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        TopBar(title, onBack, widest, actions)
        Box(Modifier.fillMaxSize().imePadding(), Alignment.TopCenter) {
            Column(
                Modifier.widthIn(max = widest).fillMaxSize().verticalScroll(rememberScrollState()).padding(horizontal = 16.dp)
                    .padding(top = 4.dp, bottom = 24.dp).navigationBarsPadding(),
                Arrangement.spacedBy(14.dp),
                content = content,
            )
        }
    }
}

/** A page that does not scroll by itself: around a [Statement], or while it is read. */
@Composable
fun Around(title: String, onBack: (() -> Unit)?, content: @Composable () -> Unit) {
    Column(
        Modifier.fillMaxSize().statusBarsPadding(),
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        TopBar(title, onBack)
        Box(Modifier.fillMaxSize()) { content() }
    }
}

/** What belongs together, on a card under its title. */
@Composable
fun Section(title: String?, modifier: Modifier = Modifier, trailing: (@Composable () -> Unit)? = null, content: @Composable ColumnScope.() -> Unit) {
    Column(modifier.fillMaxWidth(), Arrangement.spacedBy(6.dp)) {
        if (title != null) {
            val row = Modifier.fillMaxWidth().padding(horizontal = 4.dp)
            Row(if (trailing == null) row else row.tucked(), verticalAlignment = Alignment.CenterVertically) {
                Text(
                    title,
                    Modifier.weight(1f).semantics { heading() },
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                    style = MaterialTheme.typography.titleSmall,
                )
                trailing?.invoke()
            }
        }
        Surface(Modifier.fillMaxWidth(), MaterialTheme.shapes.medium, colours.card) {
            Column(Modifier.fillMaxWidth(), content = content)
        }
    }
}

/** A button in a heading is as large as a finger, but the heading stands no further from its card than one without. */
private fun Modifier.tucked() = layout { child, constraints ->
    val placed = child.measure(constraints)
    val above = 12.dp.roundToPx()
    layout(placed.width, placed.height - above - 6.dp.roundToPx()) { placed.place(0, -above) }
}

/** The line between two rows of a card. */
@Composable
fun Line() = HorizontalDivider(Modifier.padding(start = 16.dp), color = MaterialTheme.colorScheme.outlineVariant)

/** A whole screen with one thing to say: what is so, why, and what can be done. */
@Composable
fun Statement(icon: ImageVector, title: String, lead: String, modifier: Modifier = Modifier, deeds: @Composable ColumnScope.() -> Unit = {}) {
    Box(modifier.fillMaxSize().padding(24.dp), Alignment.Center) {
        Column(
            Modifier.widthIn(max = 420.dp).verticalScroll(rememberScrollState()),
            Arrangement.spacedBy(12.dp),
            Alignment.CenterHorizontally,
        ) {
            Surface(Modifier.size(72.dp), MaterialTheme.shapes.extraLarge, MaterialTheme.colorScheme.primaryContainer) {
                Box(contentAlignment = Alignment.Center) {
                    Icon(icon, null, Modifier.size(34.dp), MaterialTheme.colorScheme.onPrimaryContainer)
                }
            }
            Balanced(
                title,
                MaterialTheme.colorScheme.onBackground,
                MaterialTheme.typography.headlineSmall,
                Modifier.padding(top = 8.dp).semantics { heading() },
            )
            Balanced(lead, MaterialTheme.colorScheme.onSurfaceVariant, MaterialTheme.typography.bodyLarge)
            Column(Modifier.fillMaxWidth().padding(top = 12.dp), Arrangement.spacedBy(8.dp), Alignment.CenterHorizontally, deeds)
        }
    }
}

/** A line where a card has nothing to show. */
@Composable
fun Nothing(text: String) = Text(
    text,
    Modifier.padding(16.dp),
    color = MaterialTheme.colorScheme.onSurfaceVariant,
    style = MaterialTheme.typography.bodyMedium,
)

/** While something is read that takes longer than a blink: words, no spinner. */
@Composable
fun Reading() = Box(Modifier.fillMaxSize().padding(32.dp), Alignment.TopCenter) {
    Text(LocalWords.current.loading, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyLarge)
}
