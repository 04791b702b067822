package guidebook.ui.look

import org.jetbrains.skia.FontMgr
import org.jetbrains.skia.FontStyle

private val known = HashMap<Int, Boolean>()

/** The first character of [text] for which no font of this machine has a picture: it would be drawn as a box. */
internal fun glyphless(text: String): String? = text.codePoints().toArray()
    .firstOrNull { it > ' '.code && it != VARIATION && !known.getOrPut(it) { drawn(it) } }?.let { "U+" + it.toString(16) }

private const val VARIATION = 0xFE0F

private fun drawn(scalar: Int): Boolean {
    val font = FontMgr.default.matchFamilyStyleCharacter("Noto Sans CJK SC", FontStyle.NORMAL, arrayOf("zh-CN"), scalar) ?: return false
    return font.getUTF32Glyph(scalar).toInt() != 0
}
