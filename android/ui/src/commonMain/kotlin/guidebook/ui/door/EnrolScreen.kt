package guidebook.ui.door

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.navigationBarsPadding
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.statusBarsPadding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.app.ENROL
import guidebook.ui.book.Problem
import guidebook.ui.parts.Balanced
import guidebook.ui.parts.LineField
import guidebook.ui.parts.MainButton
import guidebook.ui.parts.QuietButton
import guidebook.ui.parts.besideText
import guidebook.ui.theme.Icons
import guidebook.ui.words.LocalWords

@Composable
fun EnrolScreen(app: AppModel) {
    val presenter = app.presenter(ENROL) { EnrolPresenter(app.book, app.services.deviceName, app::entered, it) }
    val state by presenter.state.collectAsState()
    val scan = app.services.scanner?.let { scanner -> { scanner.scan(presenter::scanned) } }
    val forgotten = app.forgotten && state.problem == null
    EnrolView(if (forgotten) state.copy(problem = Problem.SignedOut) else state, presenter::change, scan, presenter::enrol)
}

/** What will be on this phone and why, and HQ's code. */
@Composable
fun EnrolView(state: EnrolState, onChange: ((EnrolState) -> EnrolState) -> Unit, onScan: (() -> Unit)?, onEnrol: () -> Unit) {
    val words = LocalWords.current
    Box(Modifier.fillMaxSize().background(MaterialTheme.colorScheme.background).statusBarsPadding().imePadding(), Alignment.TopCenter) {
        Column(
            Modifier.widthIn(max = 480.dp).verticalScroll(rememberScrollState()).padding(24.dp).navigationBarsPadding(),
            Arrangement.spacedBy(14.dp),
        ) {
            Text(
                words.enrolTitle,
                Modifier.padding(top = 24.dp).semantics { heading() },
                color = MaterialTheme.colorScheme.onBackground,
                style = MaterialTheme.typography.headlineMedium,
            )
            Balanced(words.enrolLead, MaterialTheme.colorScheme.onSurfaceVariant, MaterialTheme.typography.bodyLarge, align = TextAlign.Start)
            Column(Modifier.padding(vertical = 6.dp), Arrangement.spacedBy(12.dp)) {
                for (fact in words.enrolWhatStays) {
                    Row(horizontalArrangement = Arrangement.spacedBy(10.dp)) {
                        Icon(Icons.Check, null, Modifier.padding(top = 2.dp).size(besideText(20.dp)), MaterialTheme.colorScheme.primary)
                        Text(fact, color = MaterialTheme.colorScheme.onBackground, style = MaterialTheme.typography.bodyLarge)
                    }
                }
            }
            LineField(words.enrolServer, state.server, { server -> onChange { it.copy(server = server) } }, keyboard = KeyboardType.Uri, hint = "https://")
            LineField(words.enrolCode, state.code, { code -> onChange { it.copy(code = code) } }, onDone = onEnrol)
            state.problem?.let {
                Text(
                    if (it == Problem.Offline) words.enrolOffline else words.problem(it),
                    Modifier.semantics { liveRegion = LiveRegionMode.Assertive },
                    color = MaterialTheme.colorScheme.error,
                    style = MaterialTheme.typography.bodyLarge,
                )
            }
            val act = if (state.fetching) words.fetching else if (state.busy) words.enrolling else words.enrolAct
            MainButton(act, enabled = state.ready, onClick = onEnrol)
            if (onScan != null) QuietButton(words.enrolScan, Modifier.fillMaxWidth(), Icons.Scan, onScan)
        }
    }
}
