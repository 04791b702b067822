package guidebook.app

import androidx.biometric.BiometricManager.Authenticators.BIOMETRIC_WEAK
import androidx.biometric.BiometricManager.Authenticators.DEVICE_CREDENTIAL
import androidx.biometric.BiometricPrompt
import androidx.core.content.ContextCompat
import androidx.fragment.app.FragmentActivity
import guidebook.ui.app.Gate
import guidebook.ui.app.Passage
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.coroutines.resume

/** Asks with the system's dialog for a finger, a face or the lock screen's code, where HQ's policy wants it. */
class PersonGate(private val policy: () -> Policy, private val dialog: PersonDialog) : Gate {
    override suspend fun pass(): Passage {
        if (!policy().person) return Passage.Open
        return when (dialog.ask()) {
            null -> Passage.Open
            BiometricPrompt.ERROR_LOCKOUT, BiometricPrompt.ERROR_LOCKOUT_PERMANENT -> Passage.LockedOut
            else -> Passage.Refused
        }
    }
}

/** Null once the person has proved herself, otherwise one of [BiometricPrompt]'s errors. */
fun interface PersonDialog {
    suspend fun ask(): Int?
}

/** The system's own dialog, over [current]; it goes with the activity, and is then asked for again. */
class SystemPersonDialog(private val current: () -> FragmentActivity?) : PersonDialog {
    override suspend fun ask(): Int? {
        val activity = current() ?: return BiometricPrompt.ERROR_CANCELED
        return suspendCancellableCoroutine { waiting ->
            val answer = object : BiometricPrompt.AuthenticationCallback() {
                override fun onAuthenticationSucceeded(result: BiometricPrompt.AuthenticationResult) {
                    if (waiting.isActive) waiting.resume(null)
                }

                override fun onAuthenticationError(errorCode: Int, errString: CharSequence) {
                    if (waiting.isActive) waiting.resume(errorCode)
                }
            }
            val prompt = BiometricPrompt(activity, ContextCompat.getMainExecutor(activity), answer)
            waiting.invokeOnCancellation { prompt.cancelAuthentication() }
            prompt.authenticate(question(activity))
        }
    }

    // Weak or better: the stronger class cannot be asked for together with the lock screen's code before Android 11.
    private fun question(activity: FragmentActivity) = BiometricPrompt.PromptInfo.Builder()
        .setTitle(activity.getString(R.string.unlock_title))
        .setSubtitle(activity.getString(R.string.unlock_subtitle))
        .setAllowedAuthenticators(BIOMETRIC_WEAK or DEVICE_CREDENTIAL)
        .build()
}
