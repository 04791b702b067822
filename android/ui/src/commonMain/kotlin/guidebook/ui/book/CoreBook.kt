package guidebook.ui.book

import guidebook.core.BookChange
import guidebook.core.BookObserver
import guidebook.core.EnrolRequest
import guidebook.core.Guidebook
import guidebook.core.GuidebookException
import guidebook.core.GuidebookInterface
import guidebook.core.IssueRequest
import guidebook.core.KeyVault
import guidebook.core.MarkVault
import guidebook.core.OpenRequest
import guidebook.core.WallClock
import guidebook.core.books
import guidebook.core.makeBook
import guidebook.ui.app.Kept
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.withContext
import java.time.LocalDate
import java.util.concurrent.Executors

/**
 * The real book: the core's [Guidebook], with every call on one background thread, so that none is made on the UI thread
 * and none overtakes another.
 *
 * The core names books at random; which guide a book belongs to is sealed in it. [kept] holds a label for each.
 */
class CoreBook(
    opened: GuidebookInterface,
    private val directory: String,
    private val kept: Kept,
    private val thread: CoroutineDispatcher,
) : Book, AutoCloseable {
    @Volatile
    private var core = opened

    override val changes = MutableSharedFlow<Change>(extraBufferCapacity = 256, onBufferOverflow = BufferOverflow.DROP_OLDEST)

    private val observer = object : BookObserver {
        override fun changed(change: BookChange) {
            changes.tryEmit(change.ours())
        }
    }

    init {
        core.observe(observer)
    }

    private suspend fun <T> ask(work: suspend GuidebookInterface.() -> T): T = withContext(thread) {
        try {
            core.work()
        } catch (e: GuidebookException) {
            throw BookException(e.ours())
        }
    }

    override suspend fun state() = ask { state().ours() }

    override suspend fun unlock() = ask {
        unlock()
        label()
    }

    override suspend fun lock() = ask { lock() }

    override suspend fun wipe() = ask {
        wipe()
        kept.write(labelOf(name()), null)
    }

    override suspend fun enrol(server: String, code: String, deviceName: String) = ask {
        enrol(EnrolRequest(server, code, deviceName)).ours().also { label() }
    }

    override suspend fun guide() = ask { guide().ours() }

    override suspend fun guidesOnThisPhone() = ask {
        val current = name()
        books(directory).map { GuideOnPhone(it, kept.read(labelOf(it)), it == current) }
    }

    override suspend fun switchTo(book: String) = ask {
        val next = switchBook(book)
        (core as? AutoCloseable)?.close()
        core = next
        changes.emit(Change.Book)
    }

    override suspend fun beginAnother() = switchTo(ask { makeBook(directory) })

    override suspend fun list(request: ListRequest) = ask { list(request.theirs()).ours() }

    override suspend fun member(id: String) = ask { member(id).ours() }

    override suspend fun memberByPhone(phone: String) = ask { memberByPhone(phone)?.ours() }

    override suspend fun readCode(text: String) = ask { readCode(text).ours() }

    override suspend fun tagGroups() = ask { tagGroups().map { it.ours() } }

    override suspend fun brands() = ask { brands().map { it.ours() } }

    override suspend fun limits() = ask { limits().ours() }

    override suspend fun edits(member: String?, offset: Int, limit: Int) =
        ask { editHistory(member, offset.toUInt(), limit.toUInt()).map { it.ours() } }

    override suspend fun edit(id: String) = ask { editFate(id).ours() }

    override suspend fun syncState() = ask { syncState().ours() }

    override suspend fun syncNow() = ask { syncNow().comeBackS?.toInt() }

    override suspend fun setLive(on: Boolean) = ask { setLive(on) }

    override suspend fun setTag(member: String, tag: String, on: Boolean) = ask { setTag(member, tag, on) }

    override suspend fun writeNote(member: String, text: String) = ask { writeNote(member, text) }

    override suspend fun addFollowUp(member: String, text: String, due: LocalDate) = ask { addFollowUp(member, text, due.toString()) }

    override suspend fun setFollowUpDone(member: String, followUp: String, done: Boolean) =
        ask { setFollowUpDone(member, followUp, done) }

    override suspend fun setField(member: String, field: Field, value: String) = ask { setField(member, field.theirs(), value) }

    override suspend fun enrolWalkin(walkin: Walkin) = ask { enrolWalkIn(walkin.theirs()).member }

    override suspend fun makePersonalTag(name: String) = ask { makePersonalTag(name) }

    override suspend fun undo(edit: String) = ask { undo(edit) }

    override suspend fun applyAgain(edit: String) = ask { applyAgain(edit) }

    override suspend fun campaigns() = ask { campaigns().map { it.ours() } }

    override suspend fun checkCoupon(member: String, campaign: String, value: Long) = ask { checkCoupon(member, campaign, value.toUInt())?.ours() }

    override suspend fun issueCoupon(member: String, campaign: String, value: Long) =
        ask { issueCoupon(IssueRequest(member, campaign, value.toUInt())).ours() }

    override suspend fun voidCoupon(coupon: String) = ask { voidCoupon(coupon) }

    override suspend fun handOverCoupon(coupon: String) = ask { handOverCoupon(coupon) }

    override suspend fun coupons(offset: Int, limit: Int) = ask { coupons(offset.toUInt(), limit.toUInt()).map { it.ours() } }

    override suspend fun coupon(id: String) = ask { coupon(id).ours() }

    override suspend fun memberCoupons(member: String) = ask { memberCoupons(member).map { it.ours() } }

    override suspend fun revealPhone(member: String, reason: RevealReason) = ask { revealPhone(member, reason.theirs()) }

    override fun close() {
        (core as? AutoCloseable)?.close()
    }

    private fun GuidebookInterface.label() {
        kept.write(labelOf(name()), guide().name)
    }

    companion object {
        private fun labelOf(book: String) = "guide.$book"

        /**
         * Finds the book used last in [directory]. Blocks for a moment: call it off the UI thread. Without [marks] no coupon is
         * given out.
         */
        fun open(directory: String, keys: KeyVault, kept: Kept, clock: WallClock? = null, marks: MarkVault? = null): CoreBook {
            val thread = Executors.newSingleThreadExecutor { Thread(it, "book").apply { isDaemon = true } }
            return CoreBook(Guidebook.open(OpenRequest(directory), keys, clock, marks), directory, kept, thread.asCoroutineDispatcher())
        }
    }
}
