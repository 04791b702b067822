package guidebook.app

import androidx.biometric.BiometricPrompt
import guidebook.ui.app.KeptInMemory
import guidebook.ui.app.Passage
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Test
import java.time.Duration

class PersonGateTest {
    private var asked = 0

    private fun pass(policy: Policy, answer: Int?) = runBlocking {
        PersonGate({ policy }, {
            asked++
            answer
        }).pass()
    }

    @Test
    fun `who proves herself may pass`() = assertEquals(Passage.Open, pass(Policy(), null))

    @Test
    fun `too many wrong fingers are not the same as no`() {
        assertEquals(Passage.LockedOut, pass(Policy(), BiometricPrompt.ERROR_LOCKOUT))
        assertEquals(Passage.LockedOut, pass(Policy(), BiometricPrompt.ERROR_LOCKOUT_PERMANENT))
        assertEquals(Passage.Refused, pass(Policy(), BiometricPrompt.ERROR_USER_CANCELED))
        assertEquals(Passage.Refused, pass(Policy(), BiometricPrompt.ERROR_NO_DEVICE_CREDENTIAL))
    }

    @Test
    fun `where hq does not want it nobody is asked`() {
        assertEquals(Passage.Open, pass(Policy(person = false), BiometricPrompt.ERROR_LOCKOUT))
        assertEquals(0, asked)
    }

    @Test
    fun `without an activity the book stays shut`() {
        assertEquals(BiometricPrompt.ERROR_CANCELED, runBlocking { SystemPersonDialog { null }.ask() })
    }

    @Test
    fun `the policy is strict until it is told otherwise`() {
        val kept = KeptInMemory()
        assertEquals(Policy(person = true, lockAfter = Duration.ofMinutes(5), secureScreens = true), Policy.read(kept))
        kept.write(Policy.PERSON, "off")
        kept.write(Policy.LOCK_AFTER, "30")
        kept.write(Policy.SECURE, "off")
        assertEquals(Policy(person = false, lockAfter = Duration.ofMinutes(30), secureScreens = false), Policy.read(kept))
        kept.write(Policy.LOCK_AFTER, "soon")
        assertEquals(Policy().lockAfter, Policy.read(kept).lockAfter)
    }
}
