package guidebook.ui.walk

import guidebook.core.GuidebookInterface
import guidebook.core.ListRequest
import guidebook.core.MemberField
import guidebook.core.RevealReason
import guidebook.core.WalkinRequest
import java.util.concurrent.CopyOnWriteArrayList

/** One call to the core: on the screens' thread or not, and how long it kept the thread. */
data class CoreCall(val name: String, val onUiThread: Boolean, val ns: Long)

/** Every call that was made to the core, whichever book it was. */
class CoreCalls(private val onUiThread: () -> Boolean) {
    val all = CopyOnWriteArrayList<CoreCall>()

    /** Calls that kept the screens waiting: 5 ms is a third of a frame. */
    fun slow() = all.filter { it.onUiThread && it.ns > SLOW_NS }

    internal inline fun <T> timed(name: String, call: () -> T): T {
        val begun = System.nanoTime()
        try {
            return call()
        } finally {
            note(name, System.nanoTime() - begun)
        }
    }

    internal fun note(name: String, ns: Long) {
        all += CoreCall(name, onUiThread(), ns)
    }

    private companion object {
        const val SLOW_NS = 5_000_000L
    }
}

/** Stands before the core and writes down every call that the screens make. The two long ones suspend and are left out. */
class WatchedCore(private val core: GuidebookInterface, private val calls: CoreCalls) : GuidebookInterface by core, AutoCloseable {
    private inline fun <T> timed(name: String, call: () -> T): T = calls.timed(name, call)

    override fun addFollowUp(member: String, text: String, due: String) = timed("addFollowUp") { core.addFollowUp(member, text, due) }

    override fun applyAgain(edit: String) = timed("applyAgain") { core.applyAgain(edit) }

    override fun enrolWalkIn(request: WalkinRequest) = timed("enrolWalkIn") { core.enrolWalkIn(request) }

    override fun makePersonalTag(name: String) = timed("makePersonalTag") { core.makePersonalTag(name) }

    override fun revealPhone(member: String, reason: RevealReason) = timed("revealPhone") { core.revealPhone(member, reason) }

    override fun setField(member: String, field: MemberField, value: String) = timed("setField") { core.setField(member, field, value) }

    override fun setFollowUpDone(member: String, followUp: String, done: Boolean) = timed("setFollowUpDone") { core.setFollowUpDone(member, followUp, done) }

    override fun setTag(member: String, tag: String, on: Boolean) = timed("setTag") { core.setTag(member, tag, on) }

    override fun undo(edit: String) = timed("undo") { core.undo(edit) }

    override fun writeNote(member: String, text: String) = timed("writeNote") { core.writeNote(member, text) }

    override fun guide() = timed("guide") { core.guide() }

    override fun lock() = timed("lock") { core.lock() }

    override fun name() = timed("name") { core.name() }

    override fun state() = timed("state") { core.state() }

    override fun switchBook(book: String) = timed("switchBook") { core.switchBook(book) }

    override fun unlock() = timed("unlock") { core.unlock() }

    override fun wipe() = timed("wipe") { core.wipe() }

    override fun setLive(on: Boolean) = timed("setLive") { core.setLive(on) }

    override fun brands() = timed("brands") { core.brands() }

    override fun editFate(edit: String) = timed("editFate") { core.editFate(edit) }

    override fun editHistory(member: String?, offset: UInt, limit: UInt) = timed("editHistory") { core.editHistory(member, offset, limit) }

    override fun limits() = timed("limits") { core.limits() }

    override fun list(request: ListRequest) = timed("list") { core.list(request) }

    override fun member(member: String) = timed("member") { core.member(member) }

    override fun memberByPhone(phone: String) = timed("memberByPhone") { core.memberByPhone(phone) }

    override fun readCode(text: String) = timed("readCode") { core.readCode(text) }

    override fun tagGroups() = timed("tagGroups") { core.tagGroups() }

    override fun syncState() = timed("syncState") { core.syncState() }

    override fun close() {
        (core as? AutoCloseable)?.close()
    }
}
