package guidebook.core

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** The whole path across the bridge, against a real server. What Rust has proved is not proved again. */
class ContractTest : WithPhone() {
    @Test
    fun `an enrolled phone holds exactly its guide's members`() = runBlocking {
        assertEquals(BookState.EMPTY, book.state())

        val guide = phone.enrol()
        assertEquals(Contract.guide, guide.id)
        assertEquals(guide, book.guide())
        assertEquals(BookState.OPEN, book.state())

        val report = book.syncNow()
        val total = book.list(everyone()).total
        assertEquals(report.members, total)
        assertTrue(total >= Contract.members.toUInt())
        val ids = (0u until total step 50).flatMap { offset -> book.list(everyone(offset = offset)).rows.map { it.id } }
        assertEquals(Headquarters.membersOf(Contract.guide), ids.toSet())
    }

    @Test
    fun `a member is found by name, initials and last four digits`() {
        enrolled()
        // 查美 reads Zha Mei.
        for (typed in listOf(Contract.memberName, "zm", "zhamei", Contract.memberPhone.takeLast(4))) {
            val rows = book.list(everyone(typed)).rows
            assertTrue(typed, rows.any { it.id == Contract.member })
        }
        val member = book.member(Contract.member)
        assertEquals(Contract.memberName, member.row.name)
        assertEquals(Contract.memberPhone.take(3) + "****" + Contract.memberPhone.takeLast(4), member.row.maskedPhone)
        assertTrue(member.row.tags.isNotEmpty())
    }

    @Test
    fun `a row says what was found, filters narrow, and a member says what she spends`() {
        enrolled()
        val row = book.list(everyone("zm")).rows.single { it.id == Contract.member }
        assertEquals(listOf(MatchSpan(MatchField.NAME, 0u, 2u)), row.matches)
        assertEquals("Z", row.indexLetter)

        book.addFollowUp(Contract.member, "回访", "2020-01-01")
        val due = book.list(everyone().copy(followUpDue = true)).rows.single()
        assertEquals(Contract.member to "2020-01-01", due.id to due.nextFollowUp)
        val near = book.list(everyone().copy(birthdayWithinDays = 30u))
        assertTrue(near.total in 1u until book.list(everyone()).total)
        assertTrue(near.rows.all { checkNotNull(it.daysToBirthday) <= 30u })

        val member = book.member(Contract.member)
        assertEquals(12, member.spendByMonth.size)
        assertEquals(member.brands, member.memberships.map { it.id })
        assertTrue(book.brands().containsAll(member.memberships))
        assertEquals(1000u, book.limits().note)
    }

    @Test
    fun `a number is shown on record, and codes and numbers are read`() = runBlocking {
        enrolled()
        assertEquals(Contract.memberPhone, book.revealPhone(Contract.member, RevealReason.CALL))
        assertEquals(EditKind.REVEAL, book.editHistory(Contract.member, 0u, 1u).single().kind)
        book.syncNow()
        assertEquals(listOf("call"), Headquarters.revealsOf(Contract.member, book.guide().device))

        assertEquals(Contract.member, book.memberByPhone(Contract.memberPhone)?.id)
        assertEquals(CodeView.Phone(Contract.memberPhone, Contract.member), book.readCode(Contract.memberPhone))
        assertEquals(CodeView.Member(Contract.member), book.readCode(Contract.member))
        val link = "guidebook://enrol?code=AB12CD34EF&server=https%3A%2F%2Fbook.example.cn"
        assertEquals(CodeView.Enrolment("AB12CD34EF", "https://book.example.cn"), book.readCode(link))
        assertEquals(CodeView.Unknown, book.readCode("?"))
    }

    @Test
    fun `edits outlive the book that took them and reach headquarters`() = runBlocking {
        enrolled()
        val id = Contract.member
        val carried = Contract.tag in book.member(id).row.tags

        val note = book.writeNote(id, "喜欢蓝色 💙")
        val personal = book.makePersonalTag("周末来")
        val walkin = book.enrolWalkIn(walkin("赵一鸣", "13912340001"))
        val edits = mutableListOf(
            book.setTag(id, Contract.tag, !carried),
            note,
            book.addFollowUp(id, "回电", "2099-12-31"),
            book.setField(id, MemberField.SIZE_SHOE, "37"),
            book.setTag(id, personal, true),
            walkin.edit,
        )
        edits += book.undo(edits.first())

        phone.restart()
        assertEquals(BookState.LOCKED, book.state())
        book.unlock()
        assertEquals(edits.size + 1, book.syncState().waiting.toInt())
        assertTrue(edits.all { book.editFate(it).fate == EditFate.Waiting })
        val reopened = book.member(id)
        assertEquals(carried, Contract.tag in reopened.row.tags)
        assertTrue(personal in reopened.row.tags)
        assertEquals("喜欢蓝色 💙", reopened.notes.single { it.id == note }.text)
        assertEquals(listOf(FieldRow(MemberField.SIZE_SHOE, "37")), reopened.fields)
        assertEquals("赵一鸣", book.member(walkin.member).row.name)

        val report = book.syncNow()
        assertEquals(edits.size + 1, report.answered.toInt())
        assertEquals(List(edits.size) { EditFate.Applied }, edits.map { book.editFate(it).fate })
        assertEquals(0u, book.syncState().waiting)
        assertTrue(note in Headquarters.notesOf(id))
    }

    @Test
    fun `an edit that was undone is applied again and stands in the history`() {
        enrolled()
        val note = book.writeNote(Contract.member, "再来一次")
        book.undo(note)
        val again = book.applyAgain(note)
        assertEquals(again, book.editHistory(Contract.member, 0u, 1u).single().id)
        assertTrue(again in book.editHistory(null, 0u, 50u).map { it.id })
        assertTrue(note in book.member(Contract.member).notes.map { it.id })
    }

    @Test
    fun `two guides share a phone and see nothing of each other`() = runBlocking {
        enrolled()
        val first = book.name()
        val second = makeBook(phone.directory.path)
        book.switchBook(second).use { other ->
            assertEquals(listOf(BookState.LOCKED, BookState.EMPTY), listOf(book.state(), other.state()))
            other.enrol(EnrolRequest(Contract.server, Contract.freshCode(), "Second"))
            assertEquals(setOf(first, second), phone.vault.keys.keys.toSet())
            assertEquals(0u, other.list(everyone()).total)
            assertEquals(listOf(second, first), books(phone.directory.path))
            other.switchBook(first).use { assertEquals(BookState.OPEN, it.state()) }
            assertEquals(BookState.LOCKED, other.state())
        }
    }

    @Test
    fun `headquarters' change arrives and the observer hears of it`() = runBlocking {
        enrolled()
        phone.observer.heard.clear()
        Headquarters.renameTag(Contract.tag, "节日送礼")

        book.syncNow()
        assertEquals("节日送礼", book.tagGroups().flatMap { it.tags }.single { it.id == Contract.tag }.name)
        assertTrue(BookChange.Dictionary in phone.observer.heard)
        assertTrue(BookChange.SyncState in phone.observer.heard)

        book.writeNote(Contract.member, "来过")
        assertTrue(BookChange.Members(listOf(Contract.member)) in phone.observer.heard)
        book.lock()
        assertEquals(BookChange.Book, phone.observer.heard.last())
    }

    @Test
    fun `a live book is told of headquarters' change without asking`() {
        enrolled()
        book.setLive(true)
        Headquarters.renameTag(Contract.tag, "随时送礼")
        phone.observer.until { book.tagGroups().flatMap { it.tags }.single { it.id == Contract.tag }.name == "随时送礼" }
        book.setLive(false)
    }

    @Test
    fun `an observer may ask the book from within the call`() {
        enrolled()
        var seen = 0
        book.observe(object : BookObserver {
            override fun changed(change: BookChange) {
                if (change is BookChange.Members) seen = book.member(change.members.single()).notes.size
            }
        })
        book.writeNote(Contract.member, "问一下")
        assertEquals(book.member(Contract.member).notes.size, seen)
    }

    @Test
    fun `the clock is the shell's`() {
        val clock = object : WallClock {
            var asked = 0

            override fun nowMs(): ULong = 4_000_000_000_000uL.also { asked++ }
        }
        Guidebook.open(OpenRequest(folder.newFolder().path), MemoryVault(), clock).use { book ->
            runBlocking { book.enrol(EnrolRequest(Contract.server, Contract.freshCode(), "Kotlin")) }
            assertTrue(clock.asked > 0)
        }
    }

    @Test
    fun `a cancelled sync harms nothing`() = runBlocking {
        enrolled()
        val note = book.writeNote(Contract.member, "只写一次")

        val cancelled = launch(start = CoroutineStart.UNDISPATCHED) { book.syncNow() }
        cancelled.cancel()
        cancelled.join()
        assertTrue(cancelled.isCancelled)

        book.syncNow()
        assertEquals(EditFate.Applied, book.editFate(note).fate)
        assertEquals(1, book.member(Contract.member).notes.count { it.text == "只写一次" })
        assertEquals(1, Headquarters.notesOf(Contract.member).count { it == note })
    }
}
