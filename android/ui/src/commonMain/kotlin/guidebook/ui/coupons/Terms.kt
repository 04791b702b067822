package guidebook.ui.coupons

import guidebook.ui.book.Campaign
import guidebook.ui.words.Words
import java.time.LocalDate

/** What a campaign gives, from how much on, how long, in one line: `¥50–¥200 · from ¥500 · valid for 7 days`. */
internal fun Campaign.terms(words: Words, today: LocalDate): String {
    val worths = offers.map { words.worth(it.worth) }
    val span = if (worths.size > 2) "${worths.first()} – ${worths.last()}" else worths.joinToString(" / ")
    return listOf(span, words.leastSpend(leastSpendFen), words.validity(validity, today)).filter { it.isNotEmpty() }.joinToString(" · ")
}
