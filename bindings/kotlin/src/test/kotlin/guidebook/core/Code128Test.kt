package guidebook.core

import com.google.zxing.ReaderException
import com.google.zxing.common.BitArray
import com.google.zxing.oned.Code128Reader
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Test
import java.io.File

/** The bars of the golden vectors, which the core's own tests hold to what it draws, read back by ZXing. */
class Code128Test {
    private val golden = Json.parseToJsonElement(File("../../core/domain/golden/coupons.json").readText()).jsonObject
    private val drawn = listOf(golden.getValue("code128")) + golden.getValue("code128_read_back").jsonArray

    @Test
    fun everyCodeIsReadAsItIsTyped() {
        assertEquals(65, drawn.size)
        val symbols = drawn.flatMap { it.jsonObject.text("text").toList() }.toSet()
        assertEquals("all symbols but the four that are never used", 32, symbols.size)
        for (one in drawn) {
            assertEquals(one.jsonObject.text("text"), read(widths(one.jsonObject)))
        }
    }

    @Test
    fun barsInAnotherOrderAreNotReadAsTheCode() {
        for (one in drawn) {
            val (text, widths) = one.jsonObject.text("text") to widths(one.jsonObject)
            for (at in 1 until widths.size) {
                if (widths[at - 1] != widths[at]) {
                    val exchanged = widths.toMutableList().apply { add(at - 1, removeAt(at)) }
                    assertNotEquals("bars ${at - 1} and $at", text, read(exchanged))
                }
            }
        }
    }

    private fun widths(one: JsonObject) = one.text("widths").map { it.digitToInt() }

    /** One line of a picture: three points a module, and ten modules of white on each side. */
    private fun read(widths: List<Int>): String? {
        val row = BitArray((widths.sum() + 2 * QUIET) * POINTS)
        var at = QUIET * POINTS
        for (place in widths.indices) {
            val end = at + widths[place] * POINTS
            if (place % 2 == 0) row.setRange(at, end)
            at = end
        }
        return try {
            Code128Reader().decodeRow(0, row, null).text
        } catch (_: ReaderException) {
            null
        }
    }

    private companion object {
        const val QUIET = 10
        const val POINTS = 3
    }
}
