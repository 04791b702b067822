package guidebook.app

import android.content.Context
import android.content.pm.PackageManager
import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.security.keystore.StrongBoxUnavailableException
import java.security.KeyStore
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * AES-256 keys in the Android Keystore, which never leave it: in StrongBox where the phone has one. They need no person
 * present, because the book syncs while the phone lies in a pocket; who may look at the book is [PersonGate]'s to say.
 */
class WrappingKeys(private val strongBox: Boolean) {
    constructor(context: Context) : this(
        Build.VERSION.SDK_INT >= Build.VERSION_CODES.P &&
            context.packageManager.hasSystemFeature(PackageManager.FEATURE_STRONGBOX_KEYSTORE),
    )

    fun has(alias: String): Boolean = store().containsAlias(alias)

    fun aliases(): List<String> = store().aliases().toList()

    fun delete(alias: String) = store().deleteEntry(alias)

    /** The nonce and what [plain] became, bound to [alias]. Makes the key if there is none. */
    fun wrap(alias: String, plain: ByteArray): ByteArray {
        val cipher = Cipher.getInstance(TRANSFORMATION)
        // The Keystore draws the nonce: it refuses one of ours.
        cipher.init(Cipher.ENCRYPT_MODE, key(alias) ?: make(alias))
        cipher.updateAAD(alias.toByteArray())
        val sealed = cipher.doFinal(plain)
        check(cipher.iv.size == NONCE_BYTES) { "nonce of ${cipher.iv.size} bytes" }
        return cipher.iv + sealed
    }

    /** Throws whatever the Keystore throws, and if a byte was changed. */
    fun unwrap(alias: String, wrapped: ByteArray): ByteArray {
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.DECRYPT_MODE, checkNotNull(key(alias)) { "no wrapping key" }, GCMParameterSpec(TAG_BITS, wrapped, 0, NONCE_BYTES))
        cipher.updateAAD(alias.toByteArray())
        return cipher.doFinal(wrapped, NONCE_BYTES, wrapped.size - NONCE_BYTES)
    }

    /** Makes a key under [alias], in the place of one that may be there. */
    fun make(alias: String): SecretKey {
        if (strongBox && Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            try {
                return generate(spec(alias).setIsStrongBoxBacked(true).build())
            } catch (_: StrongBoxUnavailableException) {
                // It may be full, or too small for this key: the ordinary secure hardware takes it.
            }
        }
        return generate(spec(alias).build())
    }

    private fun spec(alias: String) =
        KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
            .setKeySize(KEY_BITS)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)

    private fun generate(spec: KeyGenParameterSpec): SecretKey =
        KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER).apply { init(spec) }.generateKey()

    private fun key(alias: String) = store().getKey(alias, null) as SecretKey?

    private fun store() = KeyStore.getInstance(PROVIDER).apply { load(null) }

    private companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val TRANSFORMATION = "AES/GCM/NoPadding"
        const val KEY_BITS = 256
        const val TAG_BITS = 128
        const val NONCE_BYTES = 12
    }
}
