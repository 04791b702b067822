package guidebook.ui.parts

import androidx.compose.material3.LocalTextStyle
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.layout.layout
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.rememberTextMeasurer
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.Constraints

/** A few lines of about the same length: no line ends up with a single character. */
@Composable
fun Balanced(text: String, color: Color, style: TextStyle, modifier: Modifier = Modifier, align: TextAlign = TextAlign.Center) {
    val measurer = rememberTextMeasurer()
    val whole = LocalTextStyle.current.merge(style)
    val narrowed = modifier.layout { child, constraints ->
        fun lines(width: Int) = measurer.measure(text, whole, constraints = Constraints(maxWidth = width)).lineCount
        val width = if (constraints.hasBoundedWidth) narrowest(constraints.maxWidth, ::lines) else constraints.maxWidth
        val placed = child.measure(constraints.copy(minWidth = 0, maxWidth = width))
        layout(placed.width, placed.height) { placed.place(0, 0) }
    }
    Text(text, narrowed, color = color, textAlign = align, style = style)
}

/** The narrowest width that needs no more lines than [room] does. */
private fun narrowest(room: Int, lines: (Int) -> Int): Int {
    val wanted = lines(room)
    if (wanted == 1) return room
    var low = room / 2
    var high = room
    while (high - low > STEP) {
        val middle = (low + high) / 2
        if (lines(middle) > wanted) low = middle else high = middle
    }
    return high
}

/** In pixels: nobody sees a finer one. */
private const val STEP = 4
