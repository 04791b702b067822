package guidebook.app

import android.content.Intent
import android.net.Uri
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

@RunWith(RobolectricTestRunner::class)
class DeepLinkTest {
    private fun read(link: String, action: String = Intent.ACTION_VIEW) =
        DeepLink.enrolment(Intent(action, Uri.parse(link)), "shop.example")

    private val ours = "guidebook://enrol?server=https%3A%2F%2Fbook.shop.example&code=AB%2BC"

    @Test
    fun `hq's code comes by either link`() {
        assertEquals(ours, read(ours))
        assertEquals(ours, read("https://shop.example/enrol?code=AB%2BC&server=https%3A%2F%2Fbook.shop.example"))
    }

    @Test
    fun `what else a link may hold is dropped`() {
        assertEquals(ours, read("$ours&member=1#x"))
    }

    @Test
    fun `other links open nothing`() {
        val others = listOf(
            "guidebook://wipe?server=https%3A%2F%2Fa&code=1",
            "https://evil.example/enrol?server=https%3A%2F%2Fa&code=1",
            "https://shop.example/other?server=https%3A%2F%2Fa&code=1",
            "http://shop.example/enrol?server=https%3A%2F%2Fa&code=1",
            "guidebook:enrol",
        )
        assertEquals(List(others.size) { null }, others.map { read(it) })
    }

    @Test
    fun `a server without encryption, no code and an endless code are refused`() {
        assertNull(read("guidebook://enrol?server=http%3A%2F%2Fa&code=1"))
        assertNull(read("guidebook://enrol?server=https%3A%2F%2Fa&code="))
        assertNull(read("guidebook://enrol?server=https%3A%2F%2Fa&code=" + "1".repeat(201)))
    }

    @Test
    fun `only a view is a link`() {
        assertNull(read(ours, Intent.ACTION_SEND))
        assertNull(DeepLink.enrolment(null, "shop.example"))
    }
}
