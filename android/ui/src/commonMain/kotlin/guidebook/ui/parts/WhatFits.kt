package guidebook.ui.parts

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.layout.Layout
import androidx.compose.ui.unit.Constraints
import androidx.compose.ui.unit.Dp

/** A row that shows its children as long as there is room, each whole. The first is always shown. */
@Composable
fun WhatFits(gap: Dp, modifier: Modifier = Modifier, content: @Composable () -> Unit) {
    Layout(content, modifier) { children, constraints ->
        val space = gap.roundToPx()
        val measured = children.mapIndexed { index, child ->
            child.measure(Constraints(maxWidth = if (index == 0) constraints.maxWidth else Constraints.Infinity))
        }
        var width = 0
        val shown = measured.takeWhile { placeable ->
            width += placeable.width
            (width <= constraints.maxWidth).also { width += space }
        }
        val height = shown.maxOfOrNull { it.height } ?: 0
        layout(constraints.maxWidth, height) {
            var x = 0
            for (placeable in shown) {
                placeable.placeRelative(x, (height - placeable.height) / 2)
                x += placeable.width + space
            }
        }
    }
}
