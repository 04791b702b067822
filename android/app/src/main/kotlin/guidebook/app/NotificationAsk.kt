package guidebook.app

import android.Manifest
import android.os.Build
import androidx.activity.ComponentActivity
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import guidebook.ui.app.Kept
import guidebook.ui.app.Place
import kotlinx.coroutines.flow.Flow

/**
 * Asks whether reminders may be shown, at the moment at which she knows what for: when she has just planned her first
 * follow-up. Once only; who refused finds the switch in the system's settings, and everything else works as before.
 */
class NotificationAsk(activity: ComponentActivity, private val kept: Kept, private val reminders: Reminders) {
    private val launcher = activity.registerForActivityResult(RequestPermission()) { kept.write(ASKED, if (it) "yes" else "no") }

    suspend fun watch(stack: Flow<List<Place>>) {
        var planning = false
        stack.collect { places ->
            val before = planning
            planning = places.last() is Place.FollowUp
            if (before && !planning) ask()
        }
    }

    private fun ask() {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU || reminders.allowed || kept.read(ASKED) != null) return
        launcher.launch(Manifest.permission.POST_NOTIFICATIONS)
    }

    private companion object {
        const val ASKED = "notifications.asked"
    }
}
