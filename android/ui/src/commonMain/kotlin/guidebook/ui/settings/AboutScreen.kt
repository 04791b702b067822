package guidebook.ui.settings

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.parts.Line
import guidebook.ui.parts.Nothing
import guidebook.ui.parts.Page
import guidebook.ui.parts.Section
import guidebook.ui.words.LocalWords

/** What the app is made of, and under which licence each part stands. */
private val parts = listOf(
    "Guidebook" to "Apache-2.0",
    "Kotlin, Coroutines, Compose" to "Apache-2.0",
    "Java Native Access" to "Apache-2.0",
    "Skia" to "BSD-3-Clause",
    "Tokio, hyper, rustls" to "MIT, Apache-2.0",
    "uniffi" to "MPL-2.0",
    "SQLite" to "Public domain",
    "RustCrypto, dalek" to "MIT, Apache-2.0, BSD-3-Clause",
)

@Composable
fun AboutScreen(app: AppModel, onBack: (() -> Unit)?) = AboutView(app.services.version, onBack)

@Composable
fun AboutView(version: String, onBack: (() -> Unit)?) {
    val words = LocalWords.current
    Page(words.about, onBack) {
        Section(null) {
            Column(Modifier.fillMaxWidth().padding(16.dp), Arrangement.spacedBy(4.dp)) {
                Text(words.appName, color = MaterialTheme.colorScheme.onSurface, style = MaterialTheme.typography.headlineSmall)
                Text(words.aboutLead, color = MaterialTheme.colorScheme.onSurface, style = MaterialTheme.typography.bodyLarge)
                Text(words.version(version), color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
            }
        }
        Section(words.privacy) { Nothing(words.privacyLead) }
        Section(words.licences) {
            parts.forEachIndexed { index, (name, licence) ->
                if (index > 0) Line()
                Column(Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}.padding(horizontal = 16.dp, vertical = 10.dp)) {
                    Text(name, color = MaterialTheme.colorScheme.onSurface, style = MaterialTheme.typography.bodyLarge)
                    Text(licence, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodySmall)
                }
            }
        }
    }
}
