package guidebook.ui.walk

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isSelected
import androidx.compose.ui.test.runDesktopComposeUiTest
import guidebook.ui.app.KeptInMemory
import guidebook.ui.app.Stage
import guidebook.ui.book.CoreBook
import guidebook.ui.fake.KeysInMemory
import guidebook.ui.gallery.DENSITY
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.net.URI

/** The screens over the real core, against a real server: a day with everything that can happen to an edit. */
@OptIn(ExperimentalTestApi::class)
class WalkTest {
    @get:Rule
    val folder = TemporaryFolder()
    private fun walking(walk: Hand.() -> Unit) = runDesktopComposeUiTest((411 * DENSITY).toInt(), (891 * DENSITY).toInt()) {
        val hand = Hand(this, folder.newFolder())
        hand.look()
        try {
            hand.walk()
        } finally {
            hand.close()
        }
    }

    @Test
    fun `enrol, search, tag offline, close, open again, sync, see the edit lost, apply it again, be wiped`() = Wire(URI(Contract.server)).use { wire ->
        walking {
            picture("1-enrol")
            enrol(wire.address)
            picture("2-members")

            find("zm")
            assertTrue(rows().take(3).any { it.name == "查美" })
            picture("3-search")

            wire.cut()
            tap(words.tagsOf("查美"))
            val carried = Contract.tag in runBlocking { app.book.member(Contract.member) }.row.tags
            tapChip("送礼")
            sees(if (carried) words.tagTakenOff("送礼") else words.tagOn("送礼"))
            picture("4-tag-offline")
            tap(words.close)
            sees(words.offline(1))

            closeAndReopen()
            sees(words.offline(1))
            assertEquals(!carried, Contract.tag in runBlocking { app.book.member(Contract.member) }.row.tags)
            picture("5-reopened")

            colleagueTurns(Contract.tag, carried)
            wire.mend()
            tap(words.offline(1))
            tap(words.syncNow)
            sees(words.fateSuperseded)
            picture("6-lost")

            tap(hasText(words.fateSuperseded, substring = true) and hasClickAction())
            sees(words.whatHappened)
            picture("7-edit")
            tap(words.applyAgain)
            sees(words.fateApplied)
            assertEquals(!carried, Contract.tag in runBlocking { app.book.member(Contract.member) }.row.tags)
            picture("8-applied-again")

            Contract.hq("POST", "/hq/v1/devices/${device()}/revoke", "{}")
            app.sync.now()
            sees(words.wipedTitle)
            assertEquals(Stage.Wiped, app.stage.value)
            picture("9-wiped")
        }
    }

    private fun Hand.device() = runBlocking { app.book.guide() }.device

    /** A second phone of the same guide, with a network: its edit is later and arrives first. */
    private fun colleagueTurns(tag: String, on: Boolean) = runBlocking {
        CoreBook.open(folder.newFolder().path, KeysInMemory(), KeptInMemory()).use { other ->
            other.enrol(Contract.server, Contract.freshCode(), "Other")
            other.syncNow()
            other.setTag(Contract.member, tag, !on)
            other.setTag(Contract.member, tag, on)
            other.syncNow()
        }
    }

    @Test
    fun `the ten jobs take the taps that were promised`() = walking {
        enrol(Contract.server)
        val jobs = LinkedHashMap<String, Pair<Int, Int>>()
        jobs["find"] = counted { find("zm") }
        jobs["open"] = counted {
            tap(hasText("查美", substring = true) and hasClickAction())
            sees(words.spendTotal)
        }
        jobs["call"] = 1 + counted { tap(words.call) }
        until("the number") { dialled.isNotEmpty() }
        assertEquals(listOf("17797433564"), dialled)
        jobs["note"] = 1 + counted {
            tap(hasText(words.note) and hasClickAction())
            writeInFocus("喜欢蓝色")
        }
        tap(words.save)
        sees("喜欢蓝色")
        tap(words.back)

        jobs["tag"] = counted {
            tap(words.tagsOf("查美"))
            tapChip("通勤")
            tap(words.close)
        }
        seesNoMore(words.personalTagNew)
        jobs["walk-in"] = counted {
            tap(words.walkin)
            type(words.walkinName, "赵一鸣")
            type(words.walkinPhone, "13912340001")
            val before = taps
            tap(words.consentMall)
            tap("成为青禾记会员")
            fieldsTapped = taps - before
            tap(words.walkinAct)
        }.let { (taps, letters) -> taps - fieldsTapped to letters }
        sees(words.walkinSaved("赵一鸣"))
        tap(words.back)

        jobs["filter"] = counted {
            tap(words.filter)
            tapChip("高价值")
            tap(words.filterBirthday)
            tap(hasText("显示", substring = true) and hasClickAction())
        }
        jobs["what waits"] = counted { tap(pill()) }
        sees(words.syncTitle)
        println("ten jobs (taps, letters): $jobs")
        assertEquals(
            mapOf(
                "find" to (0 to 2), "open" to (1 to 0), "call" to (2 to 0), "note" to (2 to 4), "tag" to (3 to 0), "filter" to (4 to 0),
                "what waits" to (1 to 0)
            ),
            jobs - "walk-in",
        )
        assertEquals(2, jobs.getValue("walk-in").first)
    }

    @Test
    fun `no call to the core keeps the screens waiting for more than 5 ms`() = walking {
        enrol(Contract.server)
        find("zm")
        tap(hasText("查美", substring = true) and hasClickAction())
        sees(words.spendTotal)
        tap(hasText(words.note) and hasClickAction())
        writeInFocus("喜欢灰色")
        tap(words.save)
        sees("喜欢灰色")
        tap(words.back)
        tap(words.settings)
        tap(words.guides)
        sees(words.guideAnother)
        closeAndReopen()
        sees(words.walkin)
        val (onUi, elsewhere) = calls.all.partition { it.onUiThread }
        println("calls to the core: ${elsewhere.size} in the background, ${onUi.size} on the UI thread")
        assertTrue(elsewhere.size > 30)
        assertEquals(emptyList<CoreCall>(), calls.slow())
    }

    @Test
    fun `whom HQ hands over is gone from the screen, and in the end all of them`() = walking {
        enrol(Contract.server, Contract.codeFor("G0035"))
        sees(words.members(25))
        val (first, second) = rows()
        tap(hasText(first.name, substring = true) and hasClickAction())
        sees(words.spendTotal)
        picture("10-before-the-handover")

        handOver("\"members\":[\"${first.id}\"],")
        app.sync.now()
        sees(words.memberGoneTitle)
        picture("11-handed-over")
        tap(words.back)
        sees(words.members(24))
        assertEquals(second.id, rows().first().id)

        handOver("")
        app.sync.now()
        sees(words.noMembersTitle)
        picture("12-all-handed-over")
    }

    private fun handOver(members: String) =
        Contract.hq("POST", "/hq/v1/handovers", """{"from":"G0035","to":"G0036",$members"kind":"on_job","effective":"at_once","dry_run":false}""")

    private var fieldsTapped = 0

    private operator fun Int.plus(job: Pair<Int, Int>) = this + job.first to job.second

    /** Whatever the pill says at the moment. */
    private fun Hand.pill() = Hand.saying("待发送") or Hand.saying("同步") or Hand.saying("发送")

    @Test
    fun `the phone is handed to the next guide, who sees nothing of the first`() = walking {
        enrol(Contract.server)
        tap(words.settings)
        tap(words.guides)
        tap(words.guideAnother)
        enrol(Contract.server, Contract.codeFor("G0001"))
        val second = runBlocking { app.book.guide() }
        assertEquals("G0001", second.id)

        val (taps, _) = counted {
            tap(words.settings)
            tap(words.guides)
            tap("李娜晴")
        }
        assertEquals(3, taps)
        until("the first guide") { runBlocking { app.book.guide().id } == "G0002" && app.stage.value == Stage.Open }
        until("her members") { rows().isNotEmpty() }
        tap(words.settings)
        tap(words.guides)
        sees(hasText("李娜晴", substring = true) and isSelected())
    }
}
