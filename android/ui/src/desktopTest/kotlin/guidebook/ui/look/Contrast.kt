package guidebook.ui.look

import androidx.compose.ui.semantics.SemanticsNode
import java.awt.image.BufferedImage
import java.util.Locale
import kotlin.math.pow

/** WCAG AA for text of any size. */
private const val LEAST = 4.5

/** Fewer pixels than this are no text that could be measured. */
private const val SMALL = 12

/**
 * The contrast of a text, where it is under 4.5: of the commonest colour in its field, the ground, against the colour
 * farthest from it, the ink. A text under something else (a sheet, a scrim) is left out: its own colours aren't seen.
 */
internal fun paleness(node: SemanticsNode, image: BufferedImage): String? {
    val bounds = node.boundsInRoot
    val left = bounds.left.toInt().coerceIn(0, image.width)
    val right = bounds.right.toInt().coerceIn(0, image.width)
    val top = bounds.top.toInt().coerceIn(0, image.height)
    val bottom = bounds.bottom.toInt().coerceIn(0, image.height)
    if (right - left < SMALL || bottom - top < SMALL) return null
    val counts = HashMap<Int, Int>()
    for (y in top until bottom) for (x in left until right) counts.merge(image.getRGB(x, y), 1, Int::plus)
    val ground = counts.maxBy { it.value }.key
    val contrast = counts.keys.maxOf { contrast(it, ground) }
    return if (contrast < LEAST && contrast > 1.0) String.format(Locale.ROOT, "%.2f", contrast) else null
}

internal fun contrast(one: Int, other: Int): Double {
    val (light, dark) = listOf(luminance(one), luminance(other)).sortedDescending()
    return (light + 0.05) / (dark + 0.05)
}

private fun luminance(rgb: Int): Double {
    fun channel(shift: Int): Double {
        val value = (rgb shr shift and 0xFF) / 255.0
        return if (value <= 0.03928) value / 12.92 else ((value + 0.055) / 1.055).pow(2.4)
    }
    return 0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
}
