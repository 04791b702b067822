package guidebook.ui.coupons

import guidebook.ui.app.Notice
import guidebook.ui.app.Notices
import guidebook.ui.app.Presenter
import guidebook.ui.app.Sharer
import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.Change
import guidebook.ui.book.CouponCard
import guidebook.ui.book.CouponState
import guidebook.ui.book.Problem
import guidebook.ui.words.Words
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch

sealed interface CardState {
    data object Loading : CardState

    data object Gone : CardState

    data class Failed(val problem: Problem) : CardState

    data class Shown(val card: CouponCard) : CardState
}

/** One coupon, for the customer to see. */
class CouponPresenter(private val id: String, private val book: Book, private val notices: Notices, scope: CoroutineScope) : Presenter(scope) {
    private val shown = MutableStateFlow<CardState>(CardState.Loading)
    val state: StateFlow<CardState> = shown

    init {
        scope.launch { book.changes.collect { if (it == Change.Coupons) read() } }
        scope.launch { read() }
    }

    private suspend fun read() {
        shown.value = try {
            CardState.Shown(book.coupon(id))
        } catch (e: BookException) {
            if (e.problem == Problem.NotFound) CardState.Gone else CardState.Failed(e.problem)
        }
    }

    fun void() = doing({ it.couponVoided }) { voidCoupon(id) }

    fun handOver() = doing({ it.couponHandedOver }) { handOverCoupon(id) }

    /** Hands her the coupon as a text. What has left the phone is hers: from then on it can't be voided any more. */
    fun send(sharer: Sharer, words: Words) {
        val card = (shown.value as? CardState.Shown)?.card ?: return
        val text = words.couponMessage(card)
        if (card.row.state != CouponState.Issued) return sharer.share(text)
        doing({ it.couponHandedOver }) {
            handOverCoupon(id)
            sharer.share(text)
        }
    }

    private fun doing(said: (Words) -> String, work: suspend Book.() -> Unit) {
        scope.launch {
            try {
                book.work()
                notices.say(Notice(said))
                read()
            } catch (e: BookException) {
                notices.say(Notice({ it.problem(e.problem) }))
            }
        }
    }
}
