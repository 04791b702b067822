package guidebook.app

import guidebook.core.KeyVaultException
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

@RunWith(RobolectricTestRunner::class)
class HighWaterMarksTest {
    @get:Rule
    val keystore = FakeKeystore()

    private fun marks() = HighWaterMarks(WrappingKeys(strongBox = false))

    @Test
    fun `a mark only rises, and outlives the process`() {
        assertEquals(emptyMap<String, ULong>(), marks().load("b1"))
        assertTrue(marks().raiseTo("b1", "c1", 7u))
        assertFalse(marks().raiseTo("b1", "c1", 3u))
        assertFalse(marks().raiseTo("b1", "c1", 7u))
        assertEquals(mapOf("c1" to 7uL), marks().load("b1"))
        assertTrue(marks().raiseTo("b1", "c1", 8u))
        assertEquals(setOf("guidebook.mark.b1.c1.8"), keystore.aliases())
    }

    @Test
    fun `books and names do not mix, even where one begins another`() {
        marks().raiseTo("b1", "c1", 7u)
        marks().raiseTo("b1", "c11", 9u)
        marks().raiseTo("b11", "c1", 4u)
        assertEquals(mapOf("c1" to 7uL, "c11" to 9uL), marks().load("b1"))
        marks().erase("b1")
        assertEquals(listOf(emptyMap(), mapOf("c1" to 4uL)), listOf("b1", "b11").map { marks().load(it) })
    }

    @Test
    fun `an interruption between the two steps leaves the higher mark`() {
        marks().raiseTo("b1", "c1", 7u)
        WrappingKeys(strongBox = false).make("guidebook.mark.b1.c1.12")
        assertEquals(mapOf("c1" to 12uL), marks().load("b1"))
    }

    @Test
    fun `without an answer there is no mark to go by`() {
        keystore.breaks(true)
        assertThrows(KeyVaultException.Unavailable::class.java) { marks().load("b1") }
        assertThrows(KeyVaultException.Unavailable::class.java) { marks().raiseTo("b1", "c1", 1u) }
        assertThrows(KeyVaultException.Unavailable::class.java) { marks().erase("b1") }
    }
}
