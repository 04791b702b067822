package guidebook.ui.fake

import guidebook.core.KeyVault
import java.util.concurrent.ConcurrentHashMap

/** A key store that outlives the book, as the Keystore outlives the app's process. */
class KeysInMemory : KeyVault {
    private val keys = ConcurrentHashMap<String, ByteArray>()

    override fun load(book: String): ByteArray? = keys[book]

    override fun save(book: String, key: ByteArray) {
        keys[book] = key
    }

    override fun erase(book: String) {
        keys.remove(book)
    }
}
