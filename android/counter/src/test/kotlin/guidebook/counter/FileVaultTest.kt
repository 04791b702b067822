package guidebook.counter

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.io.File
import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions

class FileVaultTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun `a key is kept for this user alone, and gone when it is erased`() {
        val keys = File(folder.root, "keys")
        val vault = FileVault(keys)
        assertNull(vault.load("book"))

        vault.save("book", byteArrayOf(1, 2, 3))
        assertArrayEquals(byteArrayOf(1, 2, 3), FileVault(keys).load("book"))
        val rights = Files.getPosixFilePermissions(File(keys, "book.key").toPath())
        assertEquals("rw-------", PosixFilePermissions.toString(rights))

        vault.erase("book")
        assertNull(vault.load("book"))
    }

    @Test
    fun `settings outlive the window`() {
        val file = File(folder.root, "settings")
        KeptInFile(file).write("language", "en")
        assertEquals("en", KeptInFile(file).read("language"))
        KeptInFile(file).write("language", null)
        assertNull(KeptInFile(file).read("language"))
    }
}
