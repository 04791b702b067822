package guidebook.ui.parts

import org.junit.Assert.assertEquals
import org.junit.Test

class TypedTest {
    private val told = ArrayList<String>()
    private val typed = Typed("")

    private fun type(vararg texts: String) = texts.forEach { text -> typed.type(text) { told += it } }

    @Test
    fun `an echo of what was typed takes nothing back that was typed since`() {
        type("1", "13", "139")
        typed.heard("1")
        assertEquals("139", typed.text)
        typed.heard("139")
        assertEquals("139", typed.text)
        assertEquals(listOf("1", "13", "139"), told)
    }

    @Test
    fun `what was not typed here is shown`() {
        type("1", "13")
        typed.heard("13")
        typed.heard("")
        assertEquals("", typed.text)
    }

    @Test
    fun `a text that comes back changed is the presenter's`() {
        type("139 1")
        typed.heard("1391")
        assertEquals("1391", typed.text)
    }
}
