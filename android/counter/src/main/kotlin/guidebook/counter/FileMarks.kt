package guidebook.counter

import guidebook.core.KeyVaultException
import guidebook.core.MarkVault
import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.nio.file.StandardCopyOption
import java.util.Properties

/**
 * Up to which turn coupon codes have been given out, in a file beside the keys. It guards against books that are brought back
 * from a backup, not against a whole computer that is: a store's computer has no Keystore.
 */
class FileMarks(private val folder: File) : MarkVault {
    @Synchronized
    override fun load(book: String): Map<String, ULong> = working {
        read(book).entries.associate { (name, mark) -> name.toString() to mark.toString().toULong() }
    }

    @Synchronized
    override fun raiseTo(book: String, name: String, mark: ULong): Boolean = working {
        val marks = read(book)
        val before = marks.getProperty(name)?.toULong()
        if (before != null && before >= mark) return false
        marks.setProperty(name, mark.toString())
        val half = File(folder, "$book.marks.half")
        half.outputStream().use {
            marks.store(it, null)
            it.fd.sync()
        }
        Files.move(half.toPath(), fileOf(book).toPath(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
        return true
    }

    @Synchronized
    override fun erase(book: String) = working {
        Files.deleteIfExists(fileOf(book).toPath())
        Unit
    }

    private fun read(book: String) = Properties().apply {
        fileOf(book).takeIf { it.exists() }?.inputStream()?.use { load(it) }
    }

    private fun fileOf(book: String) = File(folder, "$book.marks")

    private inline fun <T> working(work: () -> T): T = try {
        folder.mkdirs()
        work()
    } catch (_: IOException) {
        throw KeyVaultException.Unavailable()
    } catch (_: IllegalArgumentException) {
        // A file that was tampered with.
        throw KeyVaultException.Unavailable()
    }
}
