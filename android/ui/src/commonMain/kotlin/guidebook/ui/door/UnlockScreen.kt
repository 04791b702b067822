package guidebook.ui.door

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.statusBarsPadding
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import guidebook.ui.app.AppModel
import guidebook.ui.app.Stage
import guidebook.ui.app.SyncStatus
import guidebook.ui.parts.Balanced
import guidebook.ui.parts.MainButton
import guidebook.ui.parts.QuietButton
import guidebook.ui.parts.Reading
import guidebook.ui.parts.Statement
import guidebook.ui.theme.Icons
import guidebook.ui.words.LocalWords

/** What can be done where the book can't be read. */
class DoorDeeds(val unlock: () -> Unit, val sync: () -> Unit, val enrolAgain: () -> Unit)

@Composable
fun UnlockScreen(app: AppModel, stage: Stage) {
    val status by app.sync.status.collectAsState()
    UnlockView(stage, status, DoorDeeds(app::unlock, app.sync::now, app::enrolAgain))
}

/** Each state of a book that can't be read: what is so, why, and what to do, without alarm and without hiding anything. */
@Composable
fun UnlockView(stage: Stage, status: SyncStatus?, deeds: DoorDeeds) {
    val words = LocalWords.current
    val page = Modifier.background(MaterialTheme.colorScheme.background).fillMaxSize().statusBarsPadding()
    when (stage) {
        Stage.Opening -> Statement(Icons.Book, words.appName, words.unlocking, page)
        Stage.Locked -> Statement(Icons.Lock, words.unlockTitle, words.unlockLead, page) { MainButton(words.unlockAct, onClick = deeds.unlock) }
        Stage.LockedOut -> Statement(Icons.Clock, words.lockedOutTitle, words.lockedOutLead, page) {
            MainButton(words.retry, onClick = deeds.unlock)
        }
        Stage.WrongKey -> Statement(Icons.Alert, words.wrongKeyTitle, words.wrongKeyLead, page) {
            MainButton(words.retry, onClick = deeds.unlock)
            QuietButton(words.enrolAgain, onClick = deeds.enrolAgain)
        }
        Stage.Wiped -> Statement(Icons.Close, words.wipedTitle, words.wipedLead, page) {
            MainButton(words.enrolAgain, onClick = deeds.enrolAgain)
        }
        is Stage.Hidden -> Statement(Icons.Eye, words.hiddenTitle, words.hiddenLead(stage.waiting), page) {
            val running = status?.state?.running == true
            MainButton(if (running) words.fetchingNow else words.hiddenAct, enabled = !running, icon = Icons.Again, onClick = deeds.sync)
            if (status?.offline == true) {
                Balanced(words.hiddenOffline, MaterialTheme.colorScheme.onSurfaceVariant, MaterialTheme.typography.bodyMedium)
            }
        }
        is Stage.Fault -> Statement(Icons.Alert, words.faultTitle, words.problem(stage.problem), page) {
            MainButton(words.retry, onClick = deeds.unlock)
        }
        Stage.Enrol, Stage.Entering, Stage.Open -> Reading()
    }
}
