package guidebook.app

import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import java.security.KeyStoreException

@RunWith(RobolectricTestRunner::class)
class HighWaterMarksTest {
    @get:Rule
    val keystore = FakeKeystore()

    private fun marks() = HighWaterMarks(WrappingKeys(strongBox = false))

    @Test
    fun `a mark only rises, and outlives the process`() {
        assertEquals(0, marks().read("g1"))
        marks().raise("g1", 7)
        marks().raise("g1", 3)
        assertEquals(7, marks().read("g1"))
        marks().raise("g1", 8)
        assertEquals(setOf("guidebook.mark.g1.8"), keystore.aliases())
    }

    @Test
    fun `grants do not mix, even where one name begins another`() {
        marks().raise("g1", 7)
        marks().raise("g1.5", 9)
        assertEquals(listOf(7L, 9L, 0L), listOf("g1", "g1.5", "g").map { marks().read(it) })
    }

    @Test
    fun `an interruption between the two steps leaves the higher mark`() {
        marks().raise("g1", 7)
        WrappingKeys(strongBox = false).make("guidebook.mark.g1.12")
        assertEquals(12, marks().read("g1"))
    }

    @Test
    fun `without an answer there is no mark to go by`() {
        keystore.breaks(true)
        assertThrows(KeyStoreException::class.java) { marks().read("g1") }
    }
}
