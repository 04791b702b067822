package guidebook.app

import androidx.biometric.BiometricPrompt
import guidebook.ui.app.Passage
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Test

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
}
