package guidebook.app

import androidx.compose.ui.test.junit4.createEmptyComposeRule
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.performTextReplacement
import guidebook.ui.app.KeptInMemory
import guidebook.ui.app.Stage
import guidebook.ui.book.CoreBook
import guidebook.ui.book.ListRequest
import guidebook.ui.book.MemberOrder
import guidebook.ui.fake.KeysInMemory
import guidebook.ui.parts.SEARCH_TAG
import guidebook.ui.walk.Contract
import guidebook.ui.walk.Wire
import guidebook.ui.words.wordsFor
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import java.io.BufferedReader
import java.io.File
import java.net.URI

/** A day with everything that can happen to an edit, through the phone's own app and a process that is really killed. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(qualifiers = "zh-rCN-w411dp-h891dp-xxhdpi")
class DayTest {
    @get:Rule
    val folder = TemporaryFolder()

    @get:Rule
    val keystore = FakeKeystore()

    @get:Rule
    val compose = createEmptyComposeRule()

    private val window by lazy { Window(compose) }
    private val words = wordsFor("zh")
    private val phone get() = window.app.phone
    private val book get() = runBlocking { phone.book() }

    @Test
    fun `enrol, search, tag offline, SIGKILL, open again, sync, see the edit lost, apply it again, be handed over and wiped`() =
        Wire(URI(Contract.server)).use { wire ->
            val on = tagsHerAndIsKilled(wire)
            window.open()
            window.waitFor(words.offline(1))
            assertEquals(on, carried())
            window.picture("day-3-reopened")

            colleagueTurns(!on)
            wire.mend()
            window.tap(words.offline(1))
            window.tap(words.syncNow)
            window.waitFor(words.fateSuperseded)
            window.picture("day-4-lost")
            assertEquals(!on, carried())
            window.tap(words.fateSuperseded)
            window.waitFor(words.whatHappened)
            window.tap(words.applyAgain)
            window.waitFor(words.fateApplied)
            window.picture("day-5-applied-again")
            assertEquals(on, carried())

            window.tap(words.back)
            window.tap(words.back)
            isHandedOver()
            isWiped()
        }

    private fun carried() = runBlocking { Contract.tag in book.member(Contract.member).row.tags }

    /** In a process of its own, up to SIGKILL, and takes its files and its Keystore over. Returns what the screen had shown: the tag is on. */
    private fun tagsHerAndIsKilled(wire: Wire): Boolean {
        val (its, keys) = folder.newFolder() to folder.newFile()
        val told = mapOf("server" to wire.address, "code" to Contract.freshCode(), "member" to HER, "chip" to CHIP)
        val process = Victim.start(its, keys, told)
        try {
            val said = process.inputReader()
            val files = File(said.await("files "))
            said.await("found")
            wire.cut()
            process.outputWriter().apply { write("go\n") }.flush()
            val on = said.await("tagged ").toBooleanStrict()
            process.toHandle().destroyForcibly()
            assertEquals("SIGKILL: nothing of the process runs after it", 128 + 9, process.waitFor())
            files.copyRecursively(window.app.dataDir, overwrite = true)
            keystore.takeOver(keys)
            return on
        } finally {
            process.destroyForcibly()
        }
    }

    /** What follows [beginning] in the next line that begins so. */
    private fun BufferedReader.await(beginning: String): String {
        while (true) {
            val line = readLine() ?: error("the process ended before “$beginning”")
            if (line.startsWith(beginning)) return line.removePrefix(beginning)
            // A test that fails says why.
            if (line.isNotBlank()) println(line)
        }
    }

    /** A second phone of the same guide, with a network: its edit is later and arrives first. */
    private fun colleagueTurns(on: Boolean) = runBlocking {
        CoreBook.open(folder.newFolder().path, KeysInMemory(), KeptInMemory()).use { other ->
            other.enrol(Contract.server, Contract.freshCode(), "Other")
            other.syncNow()
            other.setTag(Contract.member, Contract.tag, !on)
            other.setTag(Contract.member, Contract.tag, on)
            other.syncNow()
        }
    }

    /** One of her members becomes a colleague's while she looks at her. */
    private fun isHandedOver() {
        val all = runBlocking { book.list(ListRequest(order = MemberOrder.Name)) }
        val gone = all.rows.last { it.id != Contract.member }
        compose.onNodeWithTag(SEARCH_TAG).performTextReplacement(gone.name)
        window.tap(gone.name)
        window.waitFor(words.spendTotal)
        Contract.hq(
            "POST",
            "/hq/v1/handovers",
            """{"from":"G0002","to":"G0001","members":["${gone.id}"],"kind":"on_job","effective":"at_once","dry_run":false}""",
        )
        runBlocking { phone.model(emptyList()) }.sync.now()
        window.waitFor(words.memberGoneTitle)
        window.picture("day-6-handed-over")
        window.tap(words.back)
        compose.onNodeWithTag(SEARCH_TAG).performTextReplacement("")
        window.waitFor(words.members(all.total - 1))
    }

    private fun isWiped() {
        Contract.hq("POST", "/hq/v1/devices/${runBlocking { book.guide() }.device}/revoke", "{}")
        val model = runBlocking { phone.model(emptyList()) }
        model.sync.now()
        window.waitFor(words.wipedTitle)
        window.picture("day-7-wiped")
        assertEquals(Stage.Wiped, model.stage.value)
        assertTrue(keystore.aliases().isEmpty())
        assertEquals(emptyList<String>(), File(window.app.filesDir, "books").walk().filter { it.isFile }.map { it.name }.toList())
    }

    private companion object {
        const val HER = "查美"
        const val CHIP = "送礼"
    }
}
