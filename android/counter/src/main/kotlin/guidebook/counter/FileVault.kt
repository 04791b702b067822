package guidebook.counter

import guidebook.core.KeyVault
import guidebook.core.KeyVaultException
import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.nio.file.StandardCopyOption
import java.nio.file.attribute.PosixFilePermissions

/**
 * Keys in files that only this user may read. A store's computer has no Keystore: whoever can log in as this user can open
 * the books. Keep it for demonstration, or on a disk that is encrypted.
 */
class FileVault(private val folder: File) : KeyVault {
    override fun load(book: String): ByteArray? = working { fileOf(book).takeIf { it.exists() }?.readBytes() }

    override fun save(book: String, key: ByteArray) = working {
        val half = File(folder, "$book.half").toPath()
        Files.deleteIfExists(half)
        Files.createFile(half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        Files.write(half, key)
        Files.move(half, fileOf(book).toPath(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
        Unit
    }

    override fun erase(book: String) = working {
        Files.deleteIfExists(fileOf(book).toPath())
        Unit
    }

    private fun fileOf(book: String) = File(folder, "$book.key")

    private fun <T> working(work: () -> T): T = try {
        folder.mkdirs()
        work()
    } catch (_: IOException) {
        throw KeyVaultException.Unavailable()
    }
}
