package guidebook.ui.walk

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.runDesktopComposeUiTest
import guidebook.ui.app.KeptInMemory
import guidebook.ui.book.CoreBook
import guidebook.ui.fake.KeysInMemory
import guidebook.ui.gallery.DENSITY
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.io.BufferedReader
import java.io.File
import java.lang.management.ManagementFactory
import java.net.URI

@OptIn(ExperimentalTestApi::class)
class KilledTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun `what the screen had shown as saved is there after SIGKILL, and reaches the server once`() = Wire(URI(Contract.server)).use { wire ->
        val (books, keys) = folder.newFolder() to folder.newFolder()
        val shown = killedWhileWriting(wire, books, keys)

        runDesktopComposeUiTest((411 * DENSITY).toInt(), (891 * DENSITY).toInt()) {
            val hand = Hand(this, books, KeysInFiles(keys))
            hand.look()
            hand.sees("离线")
            val waiting = runBlocking { hand.app.book.syncState() }.waiting
            assertTrue("$shown shown, $waiting wait", waiting in shown..shown + 1)
            val notes = notesIn(hand.app.book)
            assertEquals((1..waiting).map(::noteOf), notes)

            wire.mend()
            hand.app.sync.now()
            hand.until("all sent") { runBlocking { hand.app.book.syncState() }.waiting == 0 }
            hand.close()
            assertEquals(notes, onAnotherPhone())
        }
    }

    /** Runs the app in another process and kills it with the fourth note half written. Returns how many notes its screen had shown. */
    private fun killedWhileWriting(wire: Wire, books: File, keys: File): Int {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val options = ManagementFactory.getRuntimeMXBean().inputArguments.filter { it.startsWith("-X") || it.startsWith("-D") }
        val arguments = listOf(books.path, keys.path, wire.address, Contract.freshCode(), "查美")
        val process = ProcessBuilder(
            listOf(java) + options + listOf("-cp", System.getProperty("java.class.path"), "guidebook.ui.walk.VictimKt") + arguments,
        ).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        try {
            val said = process.inputReader()
            said.await("enrolled")
            wire.cut()
            process.outputWriter().apply { write("go\n") }.flush()
            said.await("noted 3")
            // SIGKILL: nothing of the process runs after it.
            process.toHandle().destroyForcibly()
            assertEquals(128 + 9, process.waitFor())
            return 3 + said.readLines().count { it.startsWith("noted") }
        } finally {
            process.destroyForcibly()
        }
    }

    private fun BufferedReader.await(line: String) {
        while (true) if ((readLine() ?: error("the process ended before “$line”")) == line) return
    }

    private fun notesIn(book: guidebook.ui.book.Book) = runBlocking { book.member(Contract.member) }.notes.map { it.text }
        .filter { it.endsWith("次来访") }.sorted()

    private fun onAnotherPhone() = runBlocking {
        CoreBook.open(folder.newFolder().path, KeysInMemory(), KeptInMemory()).use { other ->
            other.enrol(Contract.server, Contract.freshCode(), "Other")
            other.syncNow()
            notesIn(other)
        }
    }
}
