package guidebook.ui.coupons

import guidebook.ui.app.Haptics
import guidebook.ui.app.Navigator
import guidebook.ui.app.Notice
import guidebook.ui.app.Notices
import guidebook.ui.app.Place
import guidebook.ui.app.Presenter
import guidebook.ui.app.orProblem
import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.Campaign
import guidebook.ui.book.Change
import guidebook.ui.book.IssueBar
import guidebook.ui.book.Offer
import guidebook.ui.book.Problem
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

sealed interface IssueState {
    data object Loading : IssueState

    data class Failed(val problem: Problem) : IssueState

    data class Shown(
        val name: String,
        val choices: List<Choice>,
        val campaign: String? = null,
        val value: Long? = null,
        /** A coupon is being given out: a second tap must not give another. */
        val busy: Boolean = false,
    ) : IssueState {
        val choice get() = choices.firstOrNull { it.campaign.id == campaign }
        val offer get() = choice?.campaign?.offers?.firstOrNull { it.value == value }
    }
}

/** A campaign, and why nothing of it can be given to this member, if so. */
data class Choice(val campaign: Campaign, val bar: IssueBar?)

/** Which coupon this member gets: campaign, value, and out with it. */
class IssuePresenter(
    private val member: String,
    private val book: Book,
    private val navigator: Navigator,
    private val notices: Notices,
    private val haptics: Haptics,
    scope: CoroutineScope,
) : Presenter(scope) {
    private val shown = MutableStateFlow<IssueState>(IssueState.Loading)
    val state: StateFlow<IssueState> = shown

    init {
        scope.launch { book.changes.collect { if (it == Change.Coupons || it == Change.Dictionary) read() } }
        scope.launch { read() }
    }

    private suspend fun read() {
        val before = shown.value as? IssueState.Shown
        shown.value = orProblem(IssueState::Failed) {
            val row = book.member(member).row
            val choices = book.campaigns().map { Choice(it, it.bar ?: barOf(it)) }.sortedBy { it.bar != null }
            val only = choices.singleOrNull { it.bar == null }?.campaign
            val chosen = IssueState.Shown(row.remarkName.ifEmpty { row.name }, choices, before?.campaign ?: only?.id, before?.value, before?.busy ?: false)
            if (chosen.value == null) chosen.copy(value = chosen.choice?.campaign?.only()) else chosen
        }
    }

    /** One reason that holds for every value, or none. */
    private suspend fun barOf(campaign: Campaign): IssueBar? {
        val bars = campaign.offers.map { book.checkCoupon(member, campaign.id, it.value) }
        return if (bars.any { it == null }) null else bars.firstOrNull()
    }

    private fun Campaign.only(): Long? = offers.singleOrNull { it.left > 0 }?.value

    fun choose(campaign: Campaign) = shown.update {
        if (it is IssueState.Shown) it.copy(campaign = campaign.id, value = campaign.only()) else it
    }

    fun choose(offer: Offer) = shown.update { if (it is IssueState.Shown) it.copy(value = offer.value) else it }

    fun issue() {
        val now = shown.value as? IssueState.Shown ?: return
        val campaign = now.campaign ?: return
        val value = now.value ?: return
        if (now.busy) return
        shown.value = now.copy(busy = true)
        scope.launch {
            try {
                val card = book.issueCoupon(member, campaign, value)
                haptics.tick()
                navigator.replace(Place.Coupon(card.row.id))
            } catch (e: BookException) {
                notices.say(Notice({ it.problem(e.problem) }))
            } finally {
                shown.update { if (it is IssueState.Shown) it.copy(busy = false) else it }
            }
        }
    }
}
