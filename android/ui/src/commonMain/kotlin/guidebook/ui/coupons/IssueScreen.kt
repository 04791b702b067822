package guidebook.ui.coupons

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.book.Campaign
import guidebook.ui.book.Offer
import guidebook.ui.members.Chips
import guidebook.ui.parts.ChipState
import guidebook.ui.parts.Line
import guidebook.ui.parts.MainButton
import guidebook.ui.parts.Nothing
import guidebook.ui.parts.Sheet
import guidebook.ui.parts.TouchChip
import guidebook.ui.theme.colours
import guidebook.ui.theme.touch
import guidebook.ui.words.LocalWords
import java.time.LocalDate

@Composable
fun IssueScreen(app: AppModel, member: String) {
    val presenter = app.presenter(Place.IssueCoupon(member)) {
        IssuePresenter(member, app.book, app.navigator, app.notices, app.services.haptics, it)
    }
    val state by presenter.state.collectAsState()
    IssueView(state, LocalDate.now(app.services.clock), presenter::choose, presenter::choose, presenter::issue) { app.navigator.back() }
}

@Composable
fun IssueView(
    state: IssueState,
    today: LocalDate,
    onCampaign: (Campaign) -> Unit,
    onOffer: (Offer) -> Unit,
    onIssue: () -> Unit,
    onClose: () -> Unit,
) {
    val words = LocalWords.current
    val here = state as? IssueState.Shown
    Sheet(
        if (here == null) words.couponGive else words.giveTo(here.name),
        onClose,
        foot = {
            val offer = here?.offer
            MainButton(
                if (offer == null) words.couponGive else words.give(words.worth(offer.worth)),
                enabled = here != null && offer != null && offer.left > 0 && here.choice?.bar == null && !here.busy,
            ) { onIssue() }
        },
    ) {
        when (state) {
            IssueState.Loading -> Nothing(words.loading)
            is IssueState.Failed -> Nothing(words.problem(state.problem))
            is IssueState.Shown -> {
                Head(words.couponChoose)
                if (state.choices.isEmpty()) Nothing(words.noCampaigns)
                Surface(Modifier.fillMaxWidth(), MaterialTheme.shapes.medium, colours.card) {
                    Column(Modifier.selectableGroup()) {
                        state.choices.forEachIndexed { index, choice ->
                            if (index > 0) Line()
                            val chosen = choice.campaign.id == state.campaign
                            ChoiceOf(choice, chosen, today) { onCampaign(choice.campaign) }
                            if (chosen) Values(choice, state.value, onOffer)
                        }
                    }
                }
                Text(words.couponOffline, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodySmall)
            }
        }
    }
}

@Composable
private fun Head(text: String) = Text(
    text,
    Modifier.semantics { heading() },
    color = MaterialTheme.colorScheme.onSurfaceVariant,
    style = MaterialTheme.typography.titleSmall,
)

@Composable
private fun ChoiceOf(choice: Choice, chosen: Boolean, today: LocalDate, onChoose: () -> Unit) {
    val free = choice.bar == null
    Row(
        Modifier.fillMaxWidth().selectable(chosen, free, Role.RadioButton, onClick = onChoose).heightIn(min = touch).padding(start = 12.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        RadioButton(chosen, null, enabled = free)
        CampaignLine(choice.campaign.copy(bar = choice.bar), today)
    }
}

/** Right under its campaign, where she looks: one of several values. Those without a code left can't be chosen. */
@Composable
private fun Values(choice: Choice, chosen: Long?, onOffer: (Offer) -> Unit) {
    val words = LocalWords.current
    if (choice.campaign.offers.size < 2 || choice.bar != null) return
    Column(Modifier.fillMaxWidth().padding(start = 16.dp, end = 16.dp, bottom = 14.dp), Arrangement.spacedBy(8.dp)) {
        Head(words.couponValue)
        Chips {
            for (offer in choice.campaign.offers) {
                val look = when {
                    offer.left == 0 -> ChipState.Locked
                    offer.value == chosen -> ChipState.On
                    else -> ChipState.Off
                }
                TouchChip(words.worth(offer.worth), look, says = words.left(offer.left), single = true) { if (offer.left > 0) onOffer(offer) }
            }
        }
    }
}
