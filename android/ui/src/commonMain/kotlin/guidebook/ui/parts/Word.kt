package guidebook.ui.parts

import androidx.compose.foundation.layout.Spacer
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.layout.layout
import androidx.compose.ui.semantics.getTextLayoutResult
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.text
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.text.TextMeasurer
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.drawText
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Constraints
import guidebook.ui.theme.LocalMeasurer

/**
 * A word that stands in many rows (a level, a tag, a day), in one line. It is laid out once for all of them, for that is what
 * a row that comes into sight costs most.
 */
@Composable
fun Word(word: String, color: Color, style: TextStyle, modifier: Modifier = Modifier) {
    val measurer = LocalMeasurer.current
    val laid = remember(word, style, measurer) { Laid(word, style, measurer) }
    Spacer(
        modifier.semantics {
            text = AnnotatedString(word)
            getTextLayoutResult { laid.now?.let(it::add) ?: false }
        }.layout { child, constraints ->
            val size = laid.within(constraints.maxWidth).size
            val placed = child.measure(Constraints.fixed(size.width, size.height))
            layout(size.width, size.height) { placed.place(0, 0) }
        }.drawBehind { laid.now?.let { drawText(it, color) } },
    )
}

/** One word's layout: whole, or cut off by three dots where there is less room. */
private class Laid(private val word: String, private val style: TextStyle, private val measurer: TextMeasurer) {
    var now: TextLayoutResult? = null
        private set

    fun within(width: Int): TextLayoutResult {
        val whole = measured(Constraints())
        return (if (whole.size.width <= width) whole else measured(Constraints(maxWidth = width))).also { now = it }
    }

    private fun measured(room: Constraints) = measurer.measure(word, style, TextOverflow.Ellipsis, softWrap = false, maxLines = 1, constraints = room)
}
