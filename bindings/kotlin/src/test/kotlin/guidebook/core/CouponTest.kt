package guidebook.core

import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

/** A coupon across the bridge, against a real server, and read by somebody who shares nothing with the core. */
class CouponTest : WithPhone() {
    private fun left(campaign: String) = book.campaigns().single { it.id == campaign }.values.single().left

    private fun issue(campaign: String) = book.issueCoupon(IssueRequest(Contract.member, campaign, 5000u))

    @Test
    fun `a coupon is given out offline, taken back and known at headquarters`() {
        Headquarters.makeCampaign("kt-1", perMember = 2)
        enrolled()
        assertEquals(30u, left("kt-1"))

        val first = issue("kt-1")
        assertTrue(BookChange.Coupons in phone.observer.heard)
        book.handOverCoupon(first.row.id)
        val second = issue("kt-1")
        assertNotEquals(first.code, second.code)
        val limit = CouponProblem.MemberLimit(2u)
        assertEquals(limit, book.checkCoupon(Contract.member, "kt-1", 5000u))
        val refused = assertThrows(GuidebookException.Invalid::class.java) { issue("kt-1") }
        assertEquals(InvalidReason.NotIssuable(limit), refused.reason)
        book.voidCoupon(second.row.id)
        assertNull(book.checkCoupon(Contract.member, "kt-1", 5000u))

        runBlocking { book.syncNow() }
        assertEquals(listOf(CouponStatus.Void, CouponStatus.HandedOver), book.coupons(0u, 50u).map { it.status })
        val codes = Headquarters.codesOf("kt-1")
        assertEquals("1" to "1", codes.text("issued") to codes.text("void"))
    }

    @Test
    fun `a till reads on the card what the phone says of it`() {
        Headquarters.makeCampaign("kt-2", perMember = 5)
        enrolled()
        val card = issue("kt-2")
        val says = CouponReader.verify(card.voucher, Headquarters.trust(), System.currentTimeMillis(), store = 1)
        assertEquals(CouponReader.grouped(says.code), card.code)
        assertEquals(says.code, CouponReader.parse(card.code.lowercase()))
        assertEquals(Triple("amount", 5000, 0), Triple(says.kind, says.value, says.leastSpendFen))
        assertEquals(CouponWorth.Amount(5000u), card.row.worth)
        // A voucher is signed before anybody knows when it is given out: it lasts up to a lease longer.
        assertTrue(says.lastDay.toString() in card.row.lastDay..card.row.lastDay.plusDays(LEASE_DAYS))
    }

    @Test
    fun `without marks nothing is given out`() {
        Headquarters.makeCampaign("kt-3", perMember = 5)
        enrolled()
        issue("kt-3")
        phone.marks.broken = true
        assertThrows(GuidebookException.StorageFault::class.java) { issue("kt-3") }
        phone.marks.broken = false
        assertEquals(29u, left("kt-3"))
    }

    private fun String.plusDays(days: Long) = java.time.LocalDate.parse(this).plusDays(days).toString()

    private companion object {
        const val LEASE_DAYS = 3L
    }
}
