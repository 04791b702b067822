package guidebook.app

import android.content.Intent
import android.graphics.Bitmap
import android.graphics.Color
import android.graphics.Paint
import android.net.Uri
import android.view.WindowManager
import androidx.compose.ui.test.junit4.createEmptyComposeRule
import guidebook.ui.words.wordsFor
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** The window of a phone that nobody has enrolled yet, over the real core. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(qualifiers = "zh-rCN-w411dp-h891dp-xxhdpi")
class MainActivityTest {
    @get:Rule
    val keystore = FakeKeystore()

    @get:Rule
    val compose = createEmptyComposeRule()

    private val window by lazy { Window(compose) }
    private val zh = wordsFor("zh")
    private val link = Intent(Intent.ACTION_VIEW, Uri.parse("guidebook://enrol?server=https%3A%2F%2Fbook.shop.example&code=AB12CD34EF"))

    private fun light(picture: Bitmap) = Color.luminance(picture.getPixel(8, picture.height / 2))

    @Test
    fun `a new phone asks for hq's code, in chinese and by day`() {
        window.open()
        window.waitFor(zh.enrolTitle)
        val picture = window.picture("enrol-zh-day")
        assertEquals(1233 to 2673, picture.width to picture.height)
        assertTrue(light(picture) > 0.8f)
        assertTrue("客户本登记这台手机姓名撤销".all { Paint().hasGlyph(it.toString()) })
    }

    @Test
    @Config(qualifiers = "en-w411dp-h891dp-night-xxhdpi")
    fun `in english and by night`() {
        window.open()
        window.waitFor(wordsFor("en").enrolTitle)
        assertTrue(light(window.picture("enrol-en-night")) < 0.2f)
    }

    @Test
    fun `with letters twice as large every button can be reached`() {
        RuntimeEnvironment.setFontScale(2f)
        window.open()
        window.fill(zh.enrolCode, "ABCD")
        window.picture("enrol-zh-font200")
        assertEquals(2f, window.activity.resources.configuration.fontScale)
        window.waitFor(zh.enrolAct)
    }

    @Test
    fun `a link fills in hq's code, and turning the phone keeps it`() {
        window.open(link)
        window.waitFor("https://book.shop.example")
        window.waitFor("AB12CD34EF")
        RuntimeEnvironment.setQualifiers("+land")
        window.rotate()
        window.waitFor("AB12CD34EF")
        window.picture("enrol-zh-land")
    }

    @Test
    fun `a link that comes while the app is open is taken too`() {
        window.open()
        window.waitFor(zh.enrolTitle)
        window.follow(link)
        window.waitFor("AB12CD34EF")
    }

    @Test
    fun `members' screens keep out of screenshots unless hq allows them`() {
        window.open()
        assertTrue(window.activity.window.attributes.flags and WindowManager.LayoutParams.FLAG_SECURE != 0)
        window.activity.secure(false)
        assertFalse(window.activity.window.attributes.flags and WindowManager.LayoutParams.FLAG_SECURE != 0)
    }

    @Test
    fun `without a network she is told so`() {
        window.open(link)
        window.waitFor("AB12CD34EF")
        window.tap(zh.enrolAct)
        window.waitFor(zh.enrolOffline)
    }
}
