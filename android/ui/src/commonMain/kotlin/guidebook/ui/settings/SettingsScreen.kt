package guidebook.ui.settings

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.members.Chips
import guidebook.ui.parts.ChipState
import guidebook.ui.parts.Line
import guidebook.ui.parts.Page
import guidebook.ui.parts.Section
import guidebook.ui.parts.TouchChip
import guidebook.ui.parts.besideText
import guidebook.ui.theme.Icons
import guidebook.ui.words.LocalWords

/** What she can set. */
class SettingsDeeds(
    val speak: (String?) -> Unit,
    val write: (TextSize) -> Unit,
    val look: (Appearance) -> Unit,
    val lock: () -> Unit,
    val go: (Place) -> Unit,
)

@Composable
fun SettingsScreen(app: AppModel, onBack: (() -> Unit)?) {
    val liking by app.preferences.liking.collectAsState()
    val preferences = app.preferences
    SettingsView(liking, SettingsDeeds(preferences::speak, preferences::write, preferences::look, app::lock, app.navigator::go), onBack)
}

@Composable
fun SettingsView(liking: Liking, deeds: SettingsDeeds, onBack: (() -> Unit)?) {
    val words = LocalWords.current
    Page(words.settingsTitle, onBack) {
        Section(null) {
            ChoiceLine(words.guides, icon = Icons.Swap) { deeds.go(Place.Guides) }
            Line()
            ChoiceLine(words.lockNow, icon = Icons.Lock, leads = false, onClick = deeds.lock)
        }
        Choices(words.language, listOf(null to words.languageSystem, "zh" to "简体中文", "en" to "English"), liking.language, deeds.speak)
        Choices(
            words.textSize,
            listOf(TextSize.Standard to words.textStandard, TextSize.Large to words.textLarge, TextSize.Largest to words.textLargest),
            liking.text,
            deeds.write,
        )
        Choices(
            words.appearance,
            listOf(
                Appearance.System to words.appearanceSystem,
                Appearance.Light to words.appearanceLight,
                Appearance.Dark to words.appearanceDark,
            ),
            liking.appearance,
            deeds.look,
        )
        Section(null) { ChoiceLine(words.about, icon = Icons.Info) { deeds.go(Place.About) } }
    }
}

@Composable
private fun <T> Choices(title: String, choices: List<Pair<T, String>>, chosen: T, onChoose: (T) -> Unit) {
    Section(title) {
        Column(Modifier.fillMaxWidth().padding(12.dp).selectableGroup()) {
            Chips {
                for ((choice, name) in choices) {
                    TouchChip(name, if (choice == chosen) ChipState.On else ChipState.Off, single = true) { onChoose(choice) }
                }
            }
        }
    }
}

/** A line of a card that leads somewhere, or chooses. */
@Composable
fun ChoiceLine(text: String, aside: String? = null, chosen: Boolean = false, icon: ImageVector? = null, leads: Boolean = true, onClick: () -> Unit) {
    Row(
        Modifier.fillMaxWidth().semantics { if (chosen) selected = true }.clickable(role = Role.Button, onClick = onClick)
            .heightIn(min = 56.dp).padding(horizontal = 16.dp, vertical = 8.dp),
        Arrangement.spacedBy(14.dp),
        Alignment.CenterVertically,
    ) {
        if (icon != null) Icon(icon, null, Modifier.size(besideText(22.dp)), MaterialTheme.colorScheme.primary)
        Text(text, Modifier.weight(1f), color = MaterialTheme.colorScheme.onSurface, style = MaterialTheme.typography.bodyLarge)
        if (aside != null) Text(aside, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
        when {
            chosen -> Icon(Icons.Check, null, Modifier.size(besideText(20.dp)), MaterialTheme.colorScheme.primary)
            leads -> Icon(Icons.Forward, null, Modifier.size(besideText(18.dp)), MaterialTheme.colorScheme.onSurfaceVariant)
        }
    }
}
