package guidebook.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import guidebook.ui.book.MonthSpend
import guidebook.ui.theme.colours
import guidebook.ui.words.LocalWords

/** Twelve bars, the best month named. Who can't see it hears one sentence. */
@Composable
fun SpendChart(months: List<MonthSpend>, modifier: Modifier = Modifier) {
    val words = LocalWords.current
    val best = months.maxBy { it.spendFen }
    val total = months.sumOf { it.spendFen }
    val said = words.spendChartSaid(words.money(total), words.monthShort(best.month))
    Column(modifier.fillMaxWidth().clearAndSetSemantics { contentDescription = said }, Arrangement.spacedBy(6.dp)) {
        Row(Modifier.fillMaxWidth().height(72.dp), Arrangement.spacedBy(5.dp), Alignment.Bottom) {
            for (month in months) Bar(month.spendFen.toFloat() / best.spendFen, month == best, Modifier.weight(1f))
        }
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(5.dp)) {
            months.forEachIndexed { index, month ->
                val named = index % 3 == 2
                Text(
                    if (named) words.monthShort(month.month) else "",
                    Modifier.weight(1f),
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                    textAlign = TextAlign.Center,
                    maxLines = 1,
                    softWrap = false,
                    overflow = androidx.compose.ui.text.style.TextOverflow.Visible,
                    style = MaterialTheme.typography.labelSmall,
                )
            }
        }
    }
}

@Composable
private fun Bar(share: Float, best: Boolean, modifier: Modifier = Modifier) {
    Box(modifier.fillMaxHeight(), Alignment.BottomCenter) {
        val colour = if (best) MaterialTheme.colorScheme.primary else colours.barSoft
        val shape = RoundedCornerShape(topStart = 4.dp, topEnd = 4.dp, bottomStart = 1.dp, bottomEnd = 1.dp)
        val height = Modifier.fillMaxHeight(share.coerceIn(0.03f, 1f))
        Box(height.fillMaxWidth().background(if (share > 0f) colour else MaterialTheme.colorScheme.outlineVariant, shape).padding(0.dp))
    }
}
