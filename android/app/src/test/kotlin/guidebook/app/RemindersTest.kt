package guidebook.app

import android.Manifest
import android.app.Application
import android.app.Notification
import android.app.NotificationManager
import androidx.activity.ComponentActivity
import androidx.test.core.app.ApplicationProvider
import guidebook.ui.app.KeptInMemory
import guidebook.ui.app.Place
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.runTest
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@OptIn(ExperimentalCoroutinesApi::class)
class RemindersTest {
    private val app = ApplicationProvider.getApplicationContext<Application>()
    private val shown get() = shadowOf(app.getSystemService(NotificationManager::class.java)).allNotifications
    private val reminders = Reminders(app)

    private fun Notification.title() = extras.getString(Notification.EXTRA_TITLE)

    private fun allow() = shadowOf(app).grantPermissions(Manifest.permission.POST_NOTIFICATIONS)

    @Test
    @Config(qualifiers = "zh-rCN")
    fun `one notification says how many, and goes when there are none`() {
        allow()
        reminders.show(3)
        reminders.show(2)
        assertEquals("今天有 2 位顾客要回访", shown.single().title())
        assertEquals(Reminders.CHANNEL, shown.single().channelId)
        reminders.show(0)
        assertTrue(shown.isEmpty())
    }

    @Test
    @Config(qualifiers = "en")
    fun `in english one is not many`() {
        allow()
        reminders.show(1)
        assertEquals("1 customer to follow up today", shown.single().title())
    }

    @Test
    fun `who refused is shown nothing`() {
        assertFalse(reminders.allowed)
        reminders.show(3)
        assertTrue(shown.isEmpty())
    }

    /** What was asked for while she went through [places]. */
    private fun asked(kept: KeptInMemory, vararg places: Place): String? {
        val activity = Robolectric.buildActivity(ComponentActivity::class.java)
        val ask = NotificationAsk(activity.get(), kept, reminders)
        activity.setup()
        runTest(UnconfinedTestDispatcher()) {
            val stack = MutableStateFlow<List<Place>>(listOf(Place.Members))
            val watching = launch { ask.watch(stack) }
            for (place in places) stack.value = listOf(Place.Members, place)
            watching.cancel()
        }
        return shadowOf(activity.get()).lastRequestedPermission?.requestedPermissions?.single()
    }

    @Test
    fun `she is asked when she has planned a follow-up, not before and not while`() {
        assertNull(asked(KeptInMemory(), Place.Member("1"), Place.FollowUp("1")))
        assertEquals(Manifest.permission.POST_NOTIFICATIONS, asked(KeptInMemory(), Place.FollowUp("1"), Place.Member("1")))
    }

    @Test
    fun `who has answered once is not asked again`() {
        val kept = KeptInMemory().apply { write("notifications.asked", "no") }
        assertNull(asked(kept, Place.FollowUp("1"), Place.Member("1")))
    }

    @Test
    fun `who has allowed it is not asked`() {
        allow()
        assertNull(asked(KeptInMemory(), Place.FollowUp("1"), Place.Member("1")))
    }
}
