package guidebook.ui.look

import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** The instruments themselves: each must see a fault that is there. */
class GlyphsTest {
    @Test
    fun `a character that no font has is found`() {
        assertEquals("U+f0fff", glyphless("好" + String(Character.toChars(0xF0FFF))))
        assertNull(glyphless("查美 Zha Mei · ¥1,234.50 “送礼”"))
    }

    @Test
    fun `pale grey on white is too pale and black is not`() {
        assertTrue(contrast(0xFFAAAAAA.toInt(), -1) < 4.5)
        assertEquals(21.0, contrast(0xFF000000.toInt(), -1), 0.01)
    }
}
