package guidebook.ui.coupons

import guidebook.ui.app.Notices
import guidebook.ui.app.Sharer
import guidebook.ui.book.CouponState
import guidebook.ui.fake.FakeBook
import guidebook.ui.fake.SampleCoupons
import guidebook.ui.words.WordsEn
import guidebook.ui.words.WordsZh
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.runTest
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

@OptIn(ExperimentalCoroutinesApi::class)
class CouponPresenterTest {
    @Test
    fun `what is sent is hers, and says all that the till wants`() = runTest(UnconfinedTestDispatcher()) {
        val notices = Notices(FakeBook(), backgroundScope)
        val presenter = CouponPresenter("k1", FakeBook(), notices, backgroundScope)
        val sent = ArrayList<String>()
        val sharer = Sharer { sent += it }
        presenter.state.first { it is CardState.Shown }

        presenter.send(sharer, WordsZh)
        val card = (presenter.state.value as CardState.Shown).card
        assertEquals(CouponState.HandedOver, card.row.state)
        assertEquals(WordsZh.couponHandedOver, notices.notice.value?.say?.invoke(WordsZh))
        assertEquals(listOf(WordsZh.couponMessage(card)), sent)

        notices.quiet()
        presenter.send(sharer, WordsZh)
        assertEquals(2, sent.size)
        assertNull("handed over once", notices.notice.value)
    }

    @Test
    fun `a message names its day in full and no customer`() {
        val card = SampleCoupons.card(SampleCoupons.rows[0])
        val last = card.row.lastDay
        val (zh, en) = WordsZh.couponMessage(card) to WordsEn.couponMessage(card)
        for (message in listOf(zh, en)) {
            assertTrue(message, card.code in message)
            assertFalse(message, card.row.memberName!! in message)
        }
        assertTrue(zh, "有效期至${last.year}年${last.monthValue}月${last.dayOfMonth}日" in zh)
        assertTrue(en, "${last.year}" in en && "today" !in en)
    }
}
