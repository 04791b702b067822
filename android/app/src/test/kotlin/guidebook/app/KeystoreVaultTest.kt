package guidebook.app

import android.content.Context
import android.util.Base64
import androidx.test.core.app.ApplicationProvider
import guidebook.core.KeyVaultException
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

@RunWith(RobolectricTestRunner::class)
class KeystoreVaultTest {
    @get:Rule
    val keystore = FakeKeystore()

    private val preferences = ApplicationProvider.getApplicationContext<Context>().getSharedPreferences("keys", 0)
    private val key = ByteArray(32) { it.toByte() }

    private fun vault(strongBox: Boolean = false) = KeystoreVault(preferences, WrappingKeys(strongBox))

    @Test
    fun `a key outlives the process, and the file holds nothing of it`() {
        vault().save("b1", key)
        assertArrayEquals(key, vault().load("b1"))
        val stored = Base64.decode(preferences.all.values.single() as String, Base64.DEFAULT)
        assertEquals(12 + 32 + 16, stored.size)
        assertTrue(stored.toList().windowed(4).none { it == key.take(4) })
    }

    @Test
    fun `each book has its own key`() {
        vault().save("b1", key)
        assertNull(vault().load("b2"))
        vault().save("b2", ByteArray(32))
        assertArrayEquals(key, vault().load("b1"))
    }

    @Test
    fun `a key saved again replaces the first`() {
        vault().save("b1", key)
        vault().save("b1", ByteArray(32) { 7 })
        assertArrayEquals(ByteArray(32) { 7 }, vault().load("b1"))
    }

    @Test
    fun `an erased key is gone from both places`() {
        vault().save("b1", key)
        vault().erase("b1")
        assertNull(vault().load("b1"))
        assertTrue(keystore.aliases().isEmpty())
        assertTrue(preferences.all.isEmpty())
    }

    @Test
    fun `a keystore that does not answer is not now, never no key`() {
        vault().save("b1", key)
        keystore.breaks(true)
        assertThrows(KeyVaultException.Unavailable::class.java) { vault().load("b1") }
        assertThrows(KeyVaultException.Unavailable::class.java) { vault().save("b1", key) }
        assertThrows(KeyVaultException.Unavailable::class.java) { vault().erase("b1") }
        keystore.breaks(false)
        assertArrayEquals(key, vault().load("b1"))
    }

    @Test
    fun `files cloned to another phone hold no key, and the phone is as good as new`() {
        vault().save("b1", key)
        keystore.forget("guidebook.book.b1")
        assertNull(vault().load("b1"))
        assertTrue("the probe is cleared away", keystore.aliases().isEmpty())
        vault().save("b1", key)
        assertArrayEquals(key, vault().load("b1"))
    }

    @Test
    fun `a changed byte is not taken for a key`() {
        vault().save("b1", key)
        val (alias, value) = preferences.all.entries.single()
        val bytes = Base64.decode(value as String, Base64.DEFAULT).also { it[20] = (it[20] + 1).toByte() }
        preferences.edit().putString(alias, Base64.encodeToString(bytes, Base64.NO_WRAP)).commit()
        assertThrows(KeyVaultException.Unavailable::class.java) { vault().load("b1") }
    }

    @Test
    fun `a wrapped key moved to another book's place is refused`() {
        vault().save("b1", key)
        vault().save("b2", key)
        preferences.edit().putString("guidebook.book.b2", preferences.getString("guidebook.book.b1", null)).commit()
        assertThrows(KeyVaultException.Unavailable::class.java) { vault().load("b2") }
    }

    @Test
    fun `strongbox is used where it is, and done without where it is full`() {
        vault(strongBox = true).save("b1", key)
        assertEquals(listOf(true), keystore.strongBoxes)
        keystore.refusesStrongBox()
        vault(strongBox = true).save("b2", key)
        assertEquals(listOf(true, true, false), keystore.strongBoxes)
        assertArrayEquals(key, vault().load("b2"))
    }
}
