package guidebook.core

import com.sun.net.httpserver.HttpServer
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assume.assumeTrue
import org.junit.Test
import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.net.InetSocketAddress

/** Every variant of [GuidebookException], each brought about by what brings it about in life. */
class GuidebookErrorTest : WithPhone() {
    private inline fun <reified E : GuidebookException> fails(crossinline call: suspend () -> Unit): E =
        assertThrows(E::class.java) { runBlocking { call() } }

    @Test
    fun `without an answer it is Offline`() {
        fails<GuidebookException.Offline> { book.enrol(EnrolRequest("http://127.0.0.1:1", "ABCD-EFGH", "Kotlin")) }
        assertEquals(BookState.UNENROLLED, book.state())
    }

    @Test
    fun `without a book it is SignedOut`() {
        fails<GuidebookException.SignedOut> { book.unlock() }
    }

    @Test
    fun `a locked book is Locked`() {
        enrolled()
        book.lock()
        fails<GuidebookException.Locked> { book.list(everyone()) }
        fails<GuidebookException.Locked> { book.syncNow() }
    }

    @Test
    fun `another key is a WrongKey and harms nothing`() {
        enrolled()
        val key = phone.vault.keys.getValue(book.name())
        phone.restart()
        phone.vault.keys[book.name()] = ByteArray(32) { 7 }
        fails<GuidebookException.WrongKey> { book.unlock() }
        phone.vault.keys[book.name()] = key
        book.unlock()
        assertEquals(Contract.memberName, book.member(Contract.member).row.name)
    }

    @Test
    fun `what is not in the book is NotFound`() {
        enrolled()
        fails<GuidebookException.NotFound> { book.member("M-nobody") }
        fails<GuidebookException.NotFound> { book.writeNote("M-nobody", "在吗") }
    }

    @Test
    fun `a broken rule is Invalid and says which and why`() {
        enrolled()
        val id = Contract.member
        val broken: List<Triple<String, InvalidReason, () -> Any>> = listOf(
            Triple("note", InvalidReason.Empty) { book.writeNote(id, "") },
            Triple("note", InvalidReason.TooLong(1_000u)) { book.writeNote(id, "长".repeat(1_001)) },
            Triple("due", InvalidReason.Malformed) { book.addFollowUp(id, "回电", "明天") },
            Triple("tag", InvalidReason.Unknown) { book.setTag(id, "T-nothing", true) },
            Triple("tag", InvalidReason.HqOnly) { book.setTag(id, Contract.hqOnlyTag, true) },
            Triple("name", InvalidReason.Sensitive(Topic.HEALTH)) { book.makePersonalTag("糖尿病") },
            Triple("membership", InvalidReason.NoConsent) { book.enrolWalkIn(walkin("钱二", "13912340002", agrees = false)) },
        )
        for ((field, reason, call) in broken) {
            val error = fails<GuidebookException.Invalid> { call() }
            assertEquals(field to reason, error.field to error.reason)
        }
    }

    @Test
    fun `a number that HQ knows is AlreadyMember and says whose`() {
        enrolled()
        val error = fails<GuidebookException.AlreadyMember> { book.enrolWalkIn(walkin("孙三", Contract.memberPhone)) }
        assertEquals(Contract.member, error.member)
    }

    @Test
    fun `a full disk is StorageFull and the book goes on when there is room`() {
        val disk = System.getenv("GUIDEBOOK_SMALL_DISK")
        assumeTrue("no small disk: see with-small-disk.sh", disk != null)
        val phone = Phone(File(disk, "kotlin"))
        runBlocking {
            phone.enrol()
            phone.book.syncNow()
        }
        val filler = File(disk, "filler")
        assertThrows(IOException::class.java) { filler.outputStream().use { while (true) it.write(ByteArray(4096)) } }
        val written = mutableListOf<String>()
        fails<GuidebookException.StorageFull> { repeat(5_000) { written += phone.book.writeNote(Contract.member, "写") } }

        filler.delete()
        written += phone.book.writeNote(Contract.member, "又能写了")
        assertEquals(written.takeLast(50).toSet(), phone.book.editHistory(null, 0u, 50u).map { it.id }.toSet())
        assertEquals(written.size, phone.book.syncState().waiting.toInt())
    }

    @Test
    fun `a key store that does not answer is a StorageFault`() {
        phone.vault.broken = true
        fails<GuidebookException.StorageFault> { book.state() }
        fails<GuidebookException.StorageFault> { Guidebook.open(OpenRequest(folder.root.path), phone.vault, null) }
    }

    @Test
    fun `a key store that throws something else is a StorageFault too`() {
        val vault = object : KeyVault {
            override fun load(book: String): ByteArray? = error("not in the contract")

            override fun save(book: String, key: ByteArray) = Unit

            override fun erase(book: String) = Unit
        }
        fails<GuidebookException.StorageFault> { Guidebook.open(OpenRequest(folder.root.path), vault, null) }
    }

    @Test
    fun `a book of a later version is UpgradeNeeded`() {
        enrolled()
        book.lock()
        // SQLite keeps user_version as 4 bytes, big-endian, at offset 60 of the file.
        RandomAccessFile(File(folder.root, "${book.name()}/book.db"), "rw").use {
            it.seek(60)
            it.writeInt(99)
        }
        fails<GuidebookException.UpgradeNeeded> { book.unlock() }
    }

    @Test
    fun `a server that asks for patience is Busy and says for how long`() {
        val stub = HttpServer.create(InetSocketAddress("127.0.0.1", 0), 0)
        stub.createContext("/") {
            val body = """{"error":"busy","come_back_s":7}""".toByteArray()
            it.responseHeaders["Content-Type"] = "application/json"
            it.sendResponseHeaders(503, body.size.toLong())
            it.responseBody.use { out -> out.write(body) }
        }
        stub.start()
        try {
            val request = EnrolRequest("http://127.0.0.1:${stub.address.port}", "ABCD-EFGH", "Kotlin")
            assertEquals(7u, fails<GuidebookException.Busy> { book.enrol(request) }.comeBackS)
        } finally {
            stub.stop(0)
        }
    }

    @Test
    fun `a revoked phone is Wiped and keeps nothing`() {
        enrolled()
        Headquarters.revoke(book.guide().device)
        fails<GuidebookException.Wiped> { book.syncNow() }
        assertEquals(BookState.EMPTY, book.state())
        assertEquals(emptyMap<String, ByteArray>(), phone.vault.keys)
        assertEquals(emptyList<String>(), folder.root.list()?.toList())
    }
}
