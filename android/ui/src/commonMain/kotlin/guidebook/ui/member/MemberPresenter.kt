package guidebook.ui.member

import guidebook.ui.app.Dialler
import guidebook.ui.app.Navigator
import guidebook.ui.app.Notice
import guidebook.ui.app.Notices
import guidebook.ui.app.Place
import guidebook.ui.app.Presenter
import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.Change
import guidebook.ui.book.FollowUp
import guidebook.ui.book.Member
import guidebook.ui.book.MemberCoupon
import guidebook.ui.book.Problem
import guidebook.ui.book.RevealReason
import guidebook.ui.book.TagGroup
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch

sealed interface MemberState {
    data object Loading : MemberState

    /** She was handed over, or never was here. */
    data object Gone : MemberState

    data class Failed(val problem: Problem) : MemberState

    data class Shown(val member: Member, val groups: List<TagGroup>, val coupons: List<MemberCoupon> = emptyList()) : MemberState
}

/** One member, read again whenever something about her changes. */
class MemberPresenter(
    private val id: String,
    private val book: Book,
    private val notices: Notices,
    private val navigator: Navigator,
    private val dialler: Dialler,
    scope: CoroutineScope,
) : Presenter(scope) {
    private val shown = MutableStateFlow<MemberState>(MemberState.Loading)
    val state: StateFlow<MemberState> = shown

    init {
        scope.launch { book.changes.collect { if (concerns(it)) read() } }
        scope.launch { read() }
    }

    private fun concerns(change: Change) = when (change) {
        is Change.Members -> id in change.members
        Change.Dictionary, Change.Coupons -> true
        Change.SyncState -> (shown.value as? MemberState.Shown)?.let { it.member.row.waiting > 0 } ?: false
        Change.Book -> false
    }

    suspend fun read() {
        shown.value = try {
            MemberState.Shown(book.member(id), book.tagGroups(), book.memberCoupons(id))
        } catch (e: BookException) {
            if (e.problem == Problem.NotFound) MemberState.Gone else MemberState.Failed(e.problem)
        }
    }

    /** Her number goes straight to the dialler; that it was looked up is on record. Without a dialler it is shown. */
    fun call() {
        scope.launch {
            try {
                val number = book.revealPhone(id, RevealReason.Call)
                if (!dialler.dial(number)) navigator.go(Place.Reveal(id))
            } catch (e: BookException) {
                notices.say(Notice({ it.problem(e.problem) }))
            }
        }
    }

    fun setDone(followUp: FollowUp, done: Boolean) =
        notices.edit({ if (done) it.doneSaved else it.openedAgain }) { setFollowUpDone(id, followUp.id, done) }
}
