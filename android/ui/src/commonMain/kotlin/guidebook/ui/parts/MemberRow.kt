package guidebook.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.wrapContentSize
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.buildAnnotatedString
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.text.withStyle
import androidx.compose.ui.unit.dp
import guidebook.ui.book.Match
import guidebook.ui.book.MatchField
import guidebook.ui.book.MemberOrder
import guidebook.ui.book.MemberRow
import guidebook.ui.theme.Icons
import guidebook.ui.theme.colours
import guidebook.ui.words.LocalWords
import guidebook.ui.words.Words
import java.time.LocalDate
import java.time.temporal.ChronoUnit

/** How many days ahead a birthday is marked. */
private const val BIRTHDAY_DAYS = 7

/** A member in the list. */
@Composable
fun MemberRowItem(
    row: MemberRow,
    order: MemberOrder,
    tagNames: Map<String, String>,
    today: LocalDate,
    chosen: Boolean,
    onOpen: () -> Unit,
    onTags: () -> Unit,
) {
    val words = LocalWords.current
    val ground = if (chosen) Modifier.background(MaterialTheme.colorScheme.primaryContainer) else Modifier
    val found = if (chosen) colours.card else colours.match
    Row(
        Modifier.fillMaxWidth().then(ground).semantics { selected = chosen }
            .clickable(role = Role.Button, onClick = onOpen).heightIn(min = 72.dp).padding(start = 16.dp, end = 4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Avatar(row.name, Modifier.padding(end = 12.dp))
        Column(Modifier.weight(1f).padding(vertical = 8.dp), Arrangement.spacedBy(3.dp)) {
            NameLine(row, words, today, found)
            TellLine(row, tagNames, found)
        }
        Figure(row, order, today, words)
        IconTouch(Icons.Tag, words.tagsOf(row.name), tint = MaterialTheme.colorScheme.onSurfaceVariant, onClick = onTags)
    }
}

/** Her family name on a quiet field: the eye finds it faster than a line of text. */
@Composable
fun Avatar(name: String, modifier: Modifier = Modifier) {
    Word(
        initial(name),
        MaterialTheme.colorScheme.onSecondaryContainer,
        MaterialTheme.typography.titleMedium,
        modifier.size(42.dp).background(MaterialTheme.colorScheme.secondaryContainer, MaterialTheme.shapes.medium)
            .wrapContentSize().semantics { contentDescription = "" },
    )
}

private fun initial(name: String): String {
    if (name.isEmpty()) return "·"
    return name.substring(0, name.offsetByCodePoints(0, 1)).uppercase()
}

/** Name and remark are one text, so that where there is no room the remark gives way first. */
@Composable
private fun NameLine(row: MemberRow, words: Words, today: LocalDate, found: Color) {
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(6.dp), Alignment.CenterVertically) {
        val remark = MaterialTheme.typography.bodyMedium.toSpanStyle().copy(color = MaterialTheme.colorScheme.onSurfaceVariant)
        Text(
            buildAnnotatedString {
                append(row.name.marked(row.matches, MatchField.Name, found))
                if (row.remarkName.isNotEmpty()) {
                    append("  ")
                    withStyle(remark) { append(row.remarkName.marked(row.matches, MatchField.RemarkName, found)) }
                }
            },
            Modifier.weight(1f, fill = false),
            maxLines = 1,
            overflow = TextOverflow.Ellipsis,
            style = MaterialTheme.typography.titleMedium,
        )
        Marks(row, words, today)
    }
}

/** Birthday near, follow-up due, edits that wait: each an icon with its words for who can't see it. */
@Composable
private fun Marks(row: MemberRow, words: Words, today: LocalDate) {
    val days = row.daysToBirthday
    if (days != null && days <= BIRTHDAY_DAYS) Mark(Icons.Gift, words.birthdayIn(days), colours.birthday)
    if (row.nextFollowUp != null && row.nextFollowUp <= today) Mark(Icons.Calendar, words.followUpDueMark, colours.due)
    if (row.waiting > 0) Mark(Icons.Up, words.waitingMark(row.waiting), colours.pending)
}

@Composable
private fun Mark(icon: ImageVector, says: String, tint: Color) = Icon(icon, says, Modifier.size(besideText(17.dp)), tint)

/** Level, number, tags, as many as there is room for: what does not fit is left out, not squeezed. */
@Composable
private fun TellLine(row: MemberRow, tagNames: Map<String, String>, found: Color) {
    val names = remember(row.tags, tagNames) { row.tags.mapNotNull(tagNames::get).take(2) }
    WhatFits(6.dp) {
        if (row.level.isNotEmpty()) LevelBadge(row.level)
        if (row.maskedPhone.isNotEmpty()) {
            Text(
                row.maskedPhone.marked(row.matches, MatchField.Phone, found),
                color = MaterialTheme.colorScheme.onSurfaceVariant,
                maxLines = 1,
                softWrap = false,
                style = MaterialTheme.typography.bodySmall,
            )
        }
        for (name in names) TagBadge(name)
    }
}

/** What the list is ordered by. */
@Composable
private fun Figure(row: MemberRow, order: MemberOrder, today: LocalDate, words: Words) {
    val last = row.lastPurchase
    val text = when (order) {
        MemberOrder.Spend -> words.moneyShort(row.spendFen)
        MemberOrder.Recent, MemberOrder.Name -> if (last == null) words.noPurchase else words.lastBought(ChronoUnit.DAYS.between(last, today))
    }
    Word(
        text,
        MaterialTheme.colorScheme.onSurfaceVariant,
        MaterialTheme.typography.bodySmall,
        Modifier.padding(start = 8.dp).widthIn(max = 96.dp),
    )
}

/** The found part on a field of its own. The core counts in Unicode scalars, a string in UTF-16. */
internal fun String.marked(matches: List<Match>, field: MatchField, background: Color): AnnotatedString {
    val here = matches.filter { it.field == field }
    if (here.isEmpty()) return AnnotatedString(this)
    val text = this
    val scalars = text.codePointCount(0, text.length)
    return buildAnnotatedString {
        append(text)
        for (match in here) {
            val start = match.start.coerceIn(0, scalars)
            val end = (match.start + match.length).coerceIn(start, scalars)
            addStyle(SpanStyle(background = background), text.offsetByCodePoints(0, start), text.offsetByCodePoints(0, end))
        }
    }
}
