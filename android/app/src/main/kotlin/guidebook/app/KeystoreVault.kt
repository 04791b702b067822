package guidebook.app

import android.content.SharedPreferences
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.util.Base64
import guidebook.core.KeyVault
import guidebook.core.KeyVaultException

/**
 * The key of each book, wrapped by a key in the Keystore; what lies in [wrapped] is useless without it.
 *
 * "There is no key" is said only when that is sure: nothing was stored, the Keystore says that the wrapping key is gone for
 * good, or the Keystore works and has no such key (the app's files were cloned to another phone). Everything else is
 * "not now": some phones' Keystores fail for a while after a start, and a book must not be given up for that.
 */
class KeystoreVault(private val wrapped: SharedPreferences, private val keys: WrappingKeys) : KeyVault {
    override fun load(book: String): ByteArray? = orNotNow {
        val alias = aliasOf(book)
        val stored = wrapped.getString(alias, null) ?: return null
        if (!keys.has(alias)) return if (keystoreWorks()) null else throw KeyVaultException.Unavailable()
        try {
            keys.unwrap(alias, Base64.decode(stored, Base64.NO_WRAP))
        } catch (_: KeyPermanentlyInvalidatedException) {
            null
        }
    }

    override fun save(book: String, key: ByteArray) = orNotNow {
        val alias = aliasOf(book)
        store(alias, Base64.encodeToString(keys.wrap(alias, key), Base64.NO_WRAP))
    }

    /** The wrapping key first: from then on the rest is noise. */
    override fun erase(book: String) = orNotNow {
        val alias = aliasOf(book)
        keys.delete(alias)
        store(alias, null)
    }

    private fun store(alias: String, value: String?) {
        val written = wrapped.edit().apply { if (value == null) remove(alias) else putString(alias, value) }.commit()
        if (!written) throw KeyVaultException.Unavailable()
    }

    private fun keystoreWorks(): Boolean = try {
        keys.make(PROBE)
        keys.unwrap(PROBE, keys.wrap(PROBE, byteArrayOf(1))).contentEquals(byteArrayOf(1))
    } finally {
        keys.delete(PROBE)
    }

    private inline fun <T> orNotNow(work: () -> T): T = try {
        work()
    } catch (e: KeyVaultException) {
        throw e
    } catch (_: Exception) {
        // What a Keystore throws differs from maker to maker; none of it says that the key is gone.
        throw KeyVaultException.Unavailable()
    }

    private fun aliasOf(book: String) = "guidebook.book.$book"

    private companion object {
        const val PROBE = "guidebook.probe"
    }
}
