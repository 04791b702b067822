package guidebook.ui.walk

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.runDesktopComposeUiTest
import guidebook.ui.app.Place
import guidebook.ui.book.CouponState
import guidebook.ui.gallery.DENSITY
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.net.URI

/** A coupon from HQ's campaign to the customer's eyes and to a till, with the phone's network gone in between. */
@OptIn(ExperimentalTestApi::class)
class CouponWalkTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun `given out without a network, kept over a restart, sent, and a second one voided`() = Wire(URI(Contract.server)).use { wire ->
        Contract.hq(
            "POST",
            "/hq/v1/campaigns",
            """{"id":"W1","name":"周年庆满减券","face":{"range":{"least_fen":5000,"most_fen":10000,"step_fen":5000}},
                "validity":{"from_issue":{"days":7}},"least_spend_fen":50000,"budget":{"codes":200}}""",
        )
        runDesktopComposeUiTest((411 * DENSITY).toInt(), (891 * DENSITY).toInt()) {
            val hand = Hand(this, folder.newFolder())
            hand.look()
            try {
                hand.giveOut(wire)
            } finally {
                hand.close()
            }
        }
    }

    private fun Hand.giveOut(wire: Wire) {
        enrol(wire.address)
        // The first round asks for codes, the next brings them, if the first did not.
        app.sync.now()
        until("codes of both values") {
            runBlocking { app.book.campaigns() }.firstOrNull()?.offers.orEmpty().let { offers -> offers.size == 2 && offers.all { it.left > 0 } }
        }
        find("zm")
        tap(hasText("查美", substring = true) and hasClickAction())

        wire.cut()
        val (taps, _) = counted {
            tap(words.couponGive)
            tap("¥100")
            picture("20-issue")
            tap(words.give("¥100"))
        }
        assertEquals("taps from her page to the card", 3, taps)
        sees(words.couponCodes)
        picture("21-coupon")
        val given = runBlocking { app.book.coupons(0, 50) }.single()
        val code = runBlocking { app.book.coupon(given.id) }.code
        sees(code)
        assertTrue(given.waiting)

        closeAndReopen()
        sees(words.walkin)
        tap(words.coupons)
        tap(hasText("¥100", substring = true) and hasClickAction())
        sees(code)
        val lane = Lane(folder.newFolder())
        assertEquals("redeemed: 10000 fen off (周年庆满减券)", lane.redeems(code, "A1"))
        assertEquals("guidebook-till: not redeemable", lane.redeems(code, "A2"))
        tap(words.couponHandOver)
        until("handed over") { runBlocking { app.book.coupon(given.id) }.row.state == CouponState.HandedOver }
        tap(words.back)
        tap(words.back)

        wire.mend()
        app.sync.now()
        until("headquarters has heard") { !runBlocking { app.book.coupon(given.id) }.row.waiting }

        find("zm")
        tap(hasText("查美", substring = true) and hasClickAction())
        tap(words.couponGive)
        tap("¥50")
        tap(words.give("¥50"))
        sees(words.couponVoid)
        tap(words.couponVoid)
        sees(words.couponVoided)
        picture("22-coupon-void")
        val second = runBlocking { app.book.coupons(0, 50) }.first()
        assertEquals(CouponState.Void, second.state)
        assertEquals(Place.Coupon(second.id), app.navigator.stack.value.last())
    }
}
