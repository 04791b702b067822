package guidebook.ui.walkin

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.Checkbox
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.app.Scanner
import guidebook.ui.book.Gender
import guidebook.ui.book.MemberRow
import guidebook.ui.members.Chips
import guidebook.ui.parts.ChipState
import guidebook.ui.parts.IconTouch
import guidebook.ui.parts.Line
import guidebook.ui.parts.LineField
import guidebook.ui.parts.MainButton
import guidebook.ui.parts.Page
import guidebook.ui.parts.QuietButton
import guidebook.ui.parts.Section
import guidebook.ui.parts.TouchChip
import guidebook.ui.theme.Icons
import guidebook.ui.theme.touch
import guidebook.ui.words.LocalWords

/** What she can do with the form. */
class WalkinDeeds(
    val change: ((WalkinState) -> WalkinState) -> Unit,
    val scan: (() -> Unit)?,
    val open: (String) -> Unit,
    val enrol: () -> Unit,
)

@Composable
fun WalkinScreen(app: AppModel, onBack: (() -> Unit)?) {
    val presenter = app.presenter(Place.Walkin) { WalkinPresenter(app.book, app.notices, app.navigator, it) }
    val state by presenter.state.collectAsState()
    val scan = app.services.scanner?.let { scanner: Scanner -> { scanner.scan(presenter::scanned) } }
    WalkinView(state, WalkinDeeds(presenter::change, scan, presenter::open, presenter::enrol), onBack)
}

@Composable
fun WalkinView(state: WalkinState, deeds: WalkinDeeds, onBack: (() -> Unit)?) {
    val words = LocalWords.current
    Page(words.walkinTitle, onBack) {
        LineField(words.walkinName, state.name, { name -> deeds.change { it.copy(name = name) } })
        LineField(
            words.walkinPhone,
            state.phone,
            { phone -> deeds.change { it.copy(phone = phone) } },
            keyboard = KeyboardType.Phone,
            trailing = deeds.scan?.let { scan -> { IconTouch(Icons.Scan, words.walkinScan, onClick = scan) } },
        )
        state.known?.let { Known(it, deeds.open) }
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
            LineField(
                words.walkinBirthday,
                state.birthday,
                { birthday -> deeds.change { it.copy(birthday = birthday) } },
                Modifier.weight(1f),
                KeyboardType.Number,
                hint = words.walkinBirthdayHint,
                problem = words.walkinBirthdayHint.takeIf { !state.birthdayFits && state.birthday.length >= FULL_DAY },
            )
            Chips {
                GenderChip(Gender.Female, words.female, state, deeds)
                GenderChip(Gender.Male, words.male, state, deeds)
            }
        }
        Consents(state, deeds)
        state.problem?.let {
            Text(
                words.problem(it),
                Modifier.semantics { liveRegion = LiveRegionMode.Assertive },
                color = MaterialTheme.colorScheme.error,
                style = MaterialTheme.typography.bodyLarge,
            )
        }
        MainButton(words.walkinAct, enabled = state.ready, icon = Icons.Check, onClick = deeds.enrol)
    }
}

private const val FULL_DAY = 4

@Composable
private fun GenderChip(gender: Gender, name: String, state: WalkinState, deeds: WalkinDeeds) =
    TouchChip(name, if (state.gender == gender) ChipState.On else ChipState.Off, single = true) {
        deeds.change { it.copy(gender = if (it.gender == gender) null else gender) }
    }

@Composable
private fun Known(row: MemberRow, onOpen: (String) -> Unit) {
    val words = LocalWords.current
    Surface(
        Modifier.fillMaxWidth().semantics { liveRegion = LiveRegionMode.Polite },
        MaterialTheme.shapes.medium,
        MaterialTheme.colorScheme.tertiaryContainer,
        MaterialTheme.colorScheme.onTertiaryContainer,
    ) {
        Row(Modifier.padding(start = 16.dp, end = 4.dp, top = 4.dp, bottom = 4.dp), verticalAlignment = Alignment.CenterVertically) {
            Text(words.walkinKnown(row.name), Modifier.weight(1f), style = MaterialTheme.typography.bodyLarge)
            QuietButton(words.walkinOpen) { onOpen(row.id) }
        }
    }
}

/** One clear block: what she agrees to, each by itself, in plain words. Nothing is marked beforehand. */
@Composable
private fun Consents(state: WalkinState, deeds: WalkinDeeds) {
    val words = LocalWords.current
    Section(words.consentTitle) {
        Text(
            words.consentLead,
            Modifier.padding(start = 16.dp, end = 16.dp, top = 12.dp),
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            style = MaterialTheme.typography.bodyMedium,
        )
        Consent(words.consentMall, words.consentMallWhy, state.mall) { on -> deeds.change { it.copy(mall = on) } }
        state.ofBrand?.let { brand ->
            Line()
            Consent(words.consentBrand(brand.name), words.consentBrandWhy, state.brand) { on -> deeds.change { it.copy(brand = on) } }
        }
        Line()
        Consent(words.consentMarketing, words.consentMarketingWhy, state.marketing) { on -> deeds.change { it.copy(marketing = on) } }
    }
}

@Composable
private fun Consent(what: String, why: String, agreed: Boolean, onAgree: (Boolean) -> Unit) {
    Row(
        Modifier.fillMaxWidth().toggleable(agreed, role = Role.Checkbox, onValueChange = onAgree).heightIn(min = touch)
            .padding(start = 4.dp, end = 16.dp, top = 8.dp, bottom = 8.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Checkbox(agreed, null, Modifier.padding(12.dp))
        Column(Modifier.weight(1f)) {
            Text(what, color = MaterialTheme.colorScheme.onSurface, style = MaterialTheme.typography.bodyLarge)
            Text(why, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodySmall)
        }
    }
}
