package guidebook.app

import android.app.Activity
import android.content.Intent
import android.net.Uri
import androidx.activity.ComponentActivity
import com.google.zxing.client.android.Intents
import com.journeyapps.barcodescanner.CaptureActivity
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.shadows.ShadowToast

/** What the app asks of other apps: the telephone, the share sheet, the scanner. */
@RunWith(RobolectricTestRunner::class)
class HandsTest {
    private val screen: ActivityController<ComponentActivity> = Robolectric.buildActivity(ComponentActivity::class.java)
    private val activity = screen.get()
    private val waiting = CodeScanner.Waiting()
    private val scanner = CodeScanner(activity, waiting)
    private val found = mutableListOf<String>()

    @Test
    fun `a number goes to the telephone, and she presses call`() {
        screen.setup()
        assertTrue(PhoneDialler { activity }.dial("+86 138-0013-8000"))
        val sent = shadowOf(activity).nextStartedActivity
        assertEquals(Intent.ACTION_DIAL, sent.action)
        assertEquals(Uri.fromParts("tel", "+86 138-0013-8000", null), sent.data)
    }

    @Test
    fun `without a telephone the screen is told`() {
        screen.setup()
        shadowOf(activity.application).checkActivities(true)
        assertFalse(PhoneDialler { activity }.dial("138"))
        assertFalse(PhoneDialler { null }.dial("138"))
    }

    @Test
    fun `a text goes to the app that she chooses`() {
        screen.setup()
        ShareSheet.open(activity, "活动本周六开始")
        val chooser = shadowOf(activity).nextStartedActivity
        assertEquals(Intent.ACTION_CHOOSER, chooser.action)
        val send = chooser.getParcelableExtra(Intent.EXTRA_INTENT, Intent::class.java)!!
        assertEquals(listOf(Intent.ACTION_SEND, "text/plain", "活动本周六开始"), listOf(send.action, send.type, send.getStringExtra(Intent.EXTRA_TEXT)))
    }

    private fun answer(code: Int, result: Intent?) {
        screen.setup()
        scanner.scan { found += it }
        val asked = shadowOf(activity).nextStartedActivityForResult
        assertEquals(CaptureActivity::class.java.name, asked.intent.component!!.className)
        assertEquals("QR_CODE,CODE_128,EAN_13,DATA_MATRIX", asked.intent.getStringExtra(Intents.Scan.FORMATS))
        shadowOf(activity).receiveResult(asked.intent, code, result)
    }

    @Test
    fun `a scanned code comes back once`() {
        answer(Activity.RESULT_OK, Intent().putExtra(Intents.Scan.RESULT, "6901234567892"))
        assertEquals(listOf("6901234567892"), found)
        assertNull(waiting.found)
    }

    @Test
    fun `who goes back has scanned nothing`() {
        answer(Activity.RESULT_CANCELED, Intent())
        assertTrue(found.isEmpty())
        assertNull(ShadowToast.getLatestToast())
    }

    @Test
    fun `without the camera she is told what to do`() {
        answer(Activity.RESULT_CANCELED, Intent().putExtra(Intents.Scan.MISSING_CAMERA_PERMISSION, true))
        assertTrue(found.isEmpty())
        assertEquals(activity.getString(R.string.scan_no_camera), ShadowToast.getTextOfLatestToast())
    }
}
