package guidebook.app

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Intent
import android.net.Uri
import guidebook.ui.app.Dialler

/** Opens the telephone with the number in it; she presses call herself, so no permission is asked for. */
class PhoneDialler(private val current: () -> Activity?) : Dialler {
    override fun dial(number: String): Boolean {
        val activity = current() ?: return false
        return try {
            activity.startActivity(Intent(Intent.ACTION_DIAL, Uri.fromParts("tel", number, null)))
            true
        } catch (_: ActivityNotFoundException) {
            false
        }
    }
}
