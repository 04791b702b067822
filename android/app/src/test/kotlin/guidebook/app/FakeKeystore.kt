package guidebook.app

import android.security.keystore.KeyGenParameterSpec
import org.junit.rules.ExternalResource
import java.io.File
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyStoreException
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.SecureRandom
import java.security.Security
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Base64
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import java.util.concurrent.ConcurrentHashMap
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec

/**
 * Stands where the platform's provider "AndroidKeyStore" stands, with ordinary AES keys in memory, which the JDK's ciphers
 * take as a phone's take the handles. That hardware refuses a caller's nonce is not among what it imitates.
 *
 * As hardware does, it outlives the process where it is given a [file].
 */
class FakeKeystore(private val file: File? = null) : ExternalResource() {
    override fun before() {
        keys.clear()
        kept = file
        broken = false
        withoutStrongBox = false
        asked.clear()
        Security.removeProvider(NAME)
        // At the end, so that the JDK's own generator of AES keys stays the first.
        Security.addProvider(Platform())
    }

    override fun after() = Security.removeProvider(NAME)

    fun aliases() = keys.keys.toSortedSet()

    /** The hardware of a process that is gone. */
    fun takeOver(file: File) {
        for (line in file.readLines()) {
            val (alias, key) = line.split(' ')
            keys[alias] = SecretKeySpec(Base64.getDecoder().decode(key), "AES")
        }
    }

    fun forget(alias: String) {
        keys.remove(alias)
    }

    /** As a Keystore that does not answer, which happens for a while after a start. */
    fun breaks(on: Boolean) {
        broken = on
    }

    /** As hardware that says it has StrongBox and then has no room in it. */
    fun refusesStrongBox() {
        withoutStrongBox = true
    }

    /** Whether each key that was made was asked for in StrongBox. */
    val strongBoxes get() = asked.toList()

    class Platform : Provider(NAME, "1.0", "keys in memory") {
        init {
            put("KeyStore.$NAME", Store::class.java.name)
            put("KeyGenerator.AES", Generator::class.java.name)
        }
    }

    class Generator : KeyGeneratorSpi() {
        private lateinit var spec: KeyGenParameterSpec

        override fun engineInit(params: AlgorithmParameterSpec, random: SecureRandom?) {
            spec = params as KeyGenParameterSpec
        }

        override fun engineGenerateKey(): SecretKey {
            asked += spec.isStrongBoxBacked
            if (spec.isStrongBoxBacked && withoutStrongBox) throw android.security.keystore.StrongBoxUnavailableException()
            val bytes = ByteArray(spec.keySize / 8).also { SecureRandom().nextBytes(it) }
            return SecretKeySpec(bytes, "AES").also {
                keys[spec.keystoreAlias] = it
                keep()
            }
        }

        override fun engineInit(random: SecureRandom?) = throw UnsupportedOperationException()

        override fun engineInit(size: Int, random: SecureRandom?) = throw UnsupportedOperationException()
    }

    class Store : KeyStoreSpi() {
        private fun <T> answer(value: () -> T): T = if (broken) throw KeyStoreException("busy") else value()

        override fun engineLoad(stream: InputStream?, password: CharArray?) = answer {}

        override fun engineGetKey(alias: String, password: CharArray?): Key? = keys[alias]

        override fun engineContainsAlias(alias: String) = alias in keys

        override fun engineIsKeyEntry(alias: String) = alias in keys

        override fun engineAliases(): Enumeration<String> = Collections.enumeration(keys.keys)

        override fun engineSize() = keys.size

        override fun engineDeleteEntry(alias: String) {
            keys.remove(alias)
            keep()
        }

        override fun engineGetCreationDate(alias: String): Date? = keys[alias]?.let { Date() }

        override fun engineIsCertificateEntry(alias: String) = false

        override fun engineGetCertificate(alias: String): Certificate? = null

        override fun engineGetCertificateAlias(certificate: Certificate): String? = null

        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null

        override fun engineStore(stream: OutputStream?, password: CharArray?) = throw UnsupportedOperationException()

        override fun engineSetCertificateEntry(alias: String, certificate: Certificate) = throw UnsupportedOperationException()

        override fun engineSetKeyEntry(alias: String, key: Key, password: CharArray?, chain: Array<Certificate>?) =
            throw UnsupportedOperationException()

        override fun engineSetKeyEntry(alias: String, key: ByteArray, chain: Array<Certificate>?) =
            throw UnsupportedOperationException()
    }

    private companion object {
        const val NAME = "AndroidKeyStore"
        val keys: MutableMap<String, SecretKey> = ConcurrentHashMap()
        val asked: MutableList<Boolean> = Collections.synchronizedList(mutableListOf())

        var kept: File? = null

        @Synchronized
        fun keep() {
            kept?.writeText(keys.entries.joinToString("\n") { (alias, key) -> "$alias ${Base64.getEncoder().encodeToString(key.encoded)}" })
        }

        @Volatile
        var broken = false

        @Volatile
        var withoutStrongBox = false
    }
}
