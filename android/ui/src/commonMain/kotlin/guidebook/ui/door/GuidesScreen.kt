package guidebook.ui.door

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.book.GuideOnPhone
import guidebook.ui.parts.Line
import guidebook.ui.parts.Nothing
import guidebook.ui.parts.Page
import guidebook.ui.parts.QuietButton
import guidebook.ui.parts.Section
import guidebook.ui.settings.ChoiceLine
import guidebook.ui.theme.Icons
import guidebook.ui.words.LocalWords

@Composable
fun GuidesScreen(app: AppModel, onBack: (() -> Unit)?) {
    val presenter = app.presenter(Place.Guides) { GuidesPresenter(app.book, app.notices, it) }
    val state by presenter.state.collectAsState()
    GuidesView(state, presenter::switchTo, app::beginAnother, onBack)
}

/** Whose phone it is now, and whose it may be next. */
@Composable
fun GuidesView(guides: List<GuideOnPhone>?, onSwitch: (GuideOnPhone) -> Unit, onAnother: () -> Unit, onBack: (() -> Unit)?) {
    val words = LocalWords.current
    Page(words.guidesTitle, onBack) {
        Text(words.guidesLead, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyLarge)
        Section(null) {
            if (guides == null) Nothing(words.loading)
            guides.orEmpty().forEachIndexed { index, guide ->
                if (index > 0) Line()
                ChoiceLine(guide.name ?: words.guideUnnamed, words.guideHere.takeIf { guide.current }, guide.current) { onSwitch(guide) }
            }
        }
        QuietButton(words.guideAnother, icon = Icons.AddPerson, onClick = onAnother)
    }
}
