package guidebook.ui.member

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.Checkbox
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextDecoration
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import guidebook.ui.app.Place
import guidebook.ui.book.Field
import guidebook.ui.book.FollowUp
import guidebook.ui.book.Member
import guidebook.ui.book.TagGroup
import guidebook.ui.members.Chips
import guidebook.ui.parts.Line
import guidebook.ui.parts.Nothing
import guidebook.ui.parts.QuietButton
import guidebook.ui.parts.Section
import guidebook.ui.parts.SpendChart
import guidebook.ui.parts.TagBadge
import guidebook.ui.theme.Icons
import guidebook.ui.theme.colours
import guidebook.ui.theme.touch
import guidebook.ui.words.LocalWords
import java.time.Instant
import java.time.LocalDate

/** What she promised to do, the next first; what is done comes last. */
@Composable
internal fun FollowUps(member: Member, today: LocalDate, deeds: MemberDeeds) {
    val all = member.followUps.sortedBy { it.done }
    if (all.isEmpty()) return
    Section(LocalWords.current.followUps) {
        all.forEachIndexed { index, followUp ->
            if (index > 0) Line()
            FollowUpLine(followUp, today) { deeds.done(followUp, it) }
        }
    }
}

@Composable
private fun FollowUpLine(followUp: FollowUp, today: LocalDate, onDone: (Boolean) -> Unit) {
    val words = LocalWords.current
    val late = !followUp.done && followUp.due < today
    Row(
        Modifier.fillMaxWidth().toggleable(followUp.done, role = Role.Checkbox, onValueChange = onDone).heightIn(min = touch)
            .padding(start = 4.dp, end = 16.dp, top = 6.dp, bottom = 6.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Checkbox(followUp.done, null, Modifier.padding(12.dp))
        Column(Modifier.weight(1f)) {
            Text(
                followUp.text,
                textDecoration = TextDecoration.LineThrough.takeIf { followUp.done },
                color = if (followUp.done) MaterialTheme.colorScheme.onSurfaceVariant else MaterialTheme.colorScheme.onSurface,
                style = MaterialTheme.typography.bodyLarge,
            )
            Text(
                (if (late) words.overdue + " · " else "") + words.dueOn(words.day(followUp.due, today)),
                color = if (late || (!followUp.done && followUp.due == today)) colours.due else MaterialTheme.colorScheme.onSurfaceVariant,
                style = MaterialTheme.typography.bodySmall,
            )
        }
    }
}

@Composable
internal fun TagsCard(member: Member, groups: List<TagGroup>, deeds: MemberDeeds) {
    val words = LocalWords.current
    val held = groups.map { group -> group to group.tags.filter { it.id in member.row.tags } }.filter { it.second.isNotEmpty() }
    Section(words.tags) {
        Column(
            Modifier.fillMaxWidth().clickable(role = Role.Button, onClickLabel = words.tagsTitle) { deeds.go(Place.Tags(member.row.id)) }
                .heightIn(min = touch).padding(16.dp),
            Arrangement.spacedBy(10.dp),
        ) {
            if (held.isEmpty()) {
                Text(words.noTags, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
            }
            // Grows with the text, so that a name of five characters stays in one line.
            val names = with(LocalDensity.current) { 72.sp.toDp() }
            for ((group, tags) in held) {
                Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
                    Text(
                        if (group.personal) words.personalTags else group.name,
                        Modifier.padding(top = 2.dp).width(names),
                        color = MaterialTheme.colorScheme.onSurfaceVariant,
                        style = MaterialTheme.typography.bodySmall,
                    )
                    Chips { for (tag in tags) TagBadge(tag.name) }
                }
            }
        }
    }
}

@Composable
internal fun SpendCard(member: Member, today: LocalDate) {
    val words = LocalWords.current
    if (member.spendByMonth.isEmpty()) return
    Section(words.spendChart) {
        if (member.spendByMonth.all { it.spendFen <= 0 }) {
            Nothing(words.noSpend)
        } else {
            Text(
                words.money(member.spendByMonth.sumOf { it.spendFen }),
                Modifier.padding(start = 16.dp, top = 14.dp),
                color = MaterialTheme.colorScheme.onSurface,
                style = MaterialTheme.typography.titleLarge,
            )
            SpendChart(member.spendByMonth, Modifier.padding(start = 16.dp, end = 16.dp, top = 6.dp, bottom = 14.dp))
        }
    }
}

@Composable
internal fun NotesCard(member: Member, now: Instant, deeds: MemberDeeds) {
    val words = LocalWords.current
    Section(words.notes, trailing = { QuietButton(words.noteTitle, icon = Icons.Add) { deeds.go(Place.Note(member.row.id)) } }) {
        if (member.notes.isEmpty()) Nothing(words.noNotes)
        member.notes.forEachIndexed { index, note ->
            if (index > 0) Line()
            Column(Modifier.fillMaxWidth().padding(horizontal = 16.dp, vertical = 12.dp), Arrangement.spacedBy(4.dp)) {
                Text(note.text, color = MaterialTheme.colorScheme.onSurface, style = MaterialTheme.typography.bodyLarge)
                Text(
                    words.wrote(note.guide, words.at(note.at, now)),
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                    style = MaterialTheme.typography.bodySmall,
                )
            }
        }
    }
}

/** Preferences and sizes; a tap opens them for writing. */
@Composable
internal fun DetailsCard(member: Member, deeds: MemberDeeds) {
    val words = LocalWords.current
    val shown = member.fields.filterKeys { it != Field.RemarkName }
    Section(words.details) {
        Column(
            Modifier.fillMaxWidth().clickable(role = Role.Button, onClickLabel = words.fieldsTitle) { deeds.go(Place.Fields(member.row.id)) }
                .heightIn(min = touch).padding(16.dp),
            Arrangement.spacedBy(8.dp),
        ) {
            if (shown.isEmpty()) {
                Text(words.fieldsTitle + "…", color = MaterialTheme.colorScheme.primary, style = MaterialTheme.typography.bodyMedium)
            }
            for ((field, value) in shown) Pair(words.field(field), value)
        }
    }
}

@Composable
internal fun PurchasesCard(member: Member, today: LocalDate) {
    val words = LocalWords.current
    Section(words.purchases) {
        if (member.purchases.isEmpty()) Nothing(words.noPurchases)
        member.purchases.forEachIndexed { index, purchase ->
            if (index > 0) Line()
            Row(
                Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}.padding(horizontal = 16.dp, vertical = 10.dp),
                Arrangement.spacedBy(12.dp),
                Alignment.CenterVertically,
            ) {
                Column(Modifier.weight(1f)) {
                    val count = if (purchase.quantity > 1) " " + words.quantity(purchase.quantity) else ""
                    Text(purchase.product + count, color = MaterialTheme.colorScheme.onSurface, style = MaterialTheme.typography.bodyLarge)
                    Text(
                        words.day(purchase.day, today),
                        color = MaterialTheme.colorScheme.onSurfaceVariant,
                        style = MaterialTheme.typography.bodySmall,
                    )
                }
                Text(words.money(purchase.paidFen), color = MaterialTheme.colorScheme.onSurface, style = MaterialTheme.typography.bodyLarge)
            }
        }
    }
}

@Composable
internal fun MembershipCard(member: Member, today: LocalDate) {
    val words = LocalWords.current
    Section(words.memberships) {
        Column(Modifier.fillMaxWidth().padding(16.dp), Arrangement.spacedBy(8.dp)) {
            val mall = listOfNotNull(member.store, member.joined?.let { words.joined(words.day(it, today)) }).joinToString(" · ")
            val one = Modifier.semantics(mergeDescendants = true) {}
            Pair(words.mall, mall, one)
            for (brand in member.brands) Pair(brand.name, "", one)
            member.birthday?.let { Pair(words.walkinBirthday, words.birthday(it.day.monthValue, it.day.dayOfMonth, it.year), one) }
            Text(
                if (member.marketing) words.marketingYes else words.marketingNo,
                color = MaterialTheme.colorScheme.onSurfaceVariant,
                style = MaterialTheme.typography.bodyMedium,
            )
        }
    }
}

@Composable
private fun Pair(what: String, value: String, modifier: Modifier = Modifier) {
    Row(modifier.fillMaxWidth(), Arrangement.spacedBy(16.dp)) {
        // The values stand under each other, also where the text is large.
        val names = with(LocalDensity.current) { 84.sp.toDp() }
        Text(what, Modifier.widthIn(min = names), color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
        if (value.isNotEmpty()) Text(value, Modifier.weight(1f), color = MaterialTheme.colorScheme.onSurface, style = MaterialTheme.typography.bodyMedium)
    }
}
