package guidebook.app

import android.content.Context
import android.content.RestrictionsManager
import android.os.Bundle
import androidx.test.core.app.ApplicationProvider
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import java.time.Duration

/** What HQ wants of the phone, told by its device management. */
@RunWith(RobolectricTestRunner::class)
class PolicyTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()

    private fun managed(set: Bundle.() -> Unit): Policy {
        shadowOf(checkNotNull(context.getSystemService(RestrictionsManager::class.java))).setApplicationRestrictions(Bundle().apply(set))
        return Policy.of(context)
    }

    @Test
    fun `on a phone that nobody manages it is strict`() =
        assertEquals(Policy(person = true, lockAfter = Duration.ofMinutes(5), secureScreens = true), Policy.of(context))

    @Test
    fun `what is set holds, and what is not set stays strict`() {
        val loose = managed {
            putBoolean("unlock_needs_person", false)
            putInt("lock_after_minutes", 30)
            putBoolean("screens_are_secure", false)
        }
        assertEquals(Policy(person = false, lockAfter = Duration.ofMinutes(30), secureScreens = false), loose)
        assertEquals(Policy(lockAfter = Duration.ZERO), managed { putInt("lock_after_minutes", -3) })
    }

    @Test
    fun `a word of the wrong kind loosens nothing`() {
        val told = managed {
            putString("unlock_needs_person", "off")
            putString("screens_are_secure", "no")
            putString("lock_after_minutes", "soon")
        }
        assertEquals(Policy(), told)
    }
}
