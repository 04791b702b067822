package guidebook.core

import kotlinx.coroutines.runBlocking
import org.junit.Rule
import org.junit.rules.TemporaryFolder
import java.io.File
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Semaphore
import java.util.concurrent.TimeUnit

/** A phone: a folder, a key store and marks, which outlive the book that is open. */
class Phone(val directory: File) {
    val vault = MemoryVault()
    val marks = MemoryMarks()
    val observer = RecordingObserver()
    var book = opened()
        private set

    private fun opened(): Guidebook =
        Guidebook.open(OpenRequest(directory.path), vault, null, marks).also { it.observe(observer) }

    suspend fun enrol(): GuideView = book.enrol(EnrolRequest(Contract.server, Contract.freshCode(), "Kotlin"))

    /** Lets go of the book without locking it, and begins again from what lies in the folder. */
    fun restart() {
        book.close()
        book = opened()
    }
}

/** Tests with a phone of their own. */
abstract class WithPhone {
    @get:Rule
    val folder = TemporaryFolder()

    protected val phone by lazy { Phone(folder.root) }
    protected val book get() = phone.book

    /** Makes it a phone of the contract's guide, synced. */
    protected fun enrolled() = runBlocking {
        phone.enrol()
        book.syncNow()
    }
}

/** A key store that forgets with the process, and can be broken. */
class MemoryVault : KeyVault {
    val keys = ConcurrentHashMap<String, ByteArray>()

    @Volatile
    var broken = false

    override fun load(book: String): ByteArray? = working { keys[book] }

    override fun save(book: String, key: ByteArray) = working { keys[book] = key }

    override fun erase(book: String) = working { keys -= book }

    private fun <T> working(work: () -> T): T = if (broken) throw KeyVaultException.Unavailable() else work()
}

/** Marks that outlive the book, and can be broken. */
class MemoryMarks : MarkVault {
    private val marks = HashMap<String, HashMap<String, ULong>>()

    @Volatile
    var broken = false

    override fun load(book: String): Map<String, ULong> = working { marks[book].orEmpty().toMap() }

    override fun raiseTo(book: String, name: String, mark: ULong): Boolean = working {
        val held = marks.getOrPut(book) { HashMap() }
        val rises = held[name].let { it == null || it < mark }
        if (rises) held[name] = mark
        rises
    }

    override fun erase(book: String) = working {
        marks.remove(book)
        Unit
    }

    @Synchronized
    private fun <T> working(work: () -> T): T = if (broken) throw KeyVaultException.Unavailable() else work()
}

class RecordingObserver : BookObserver {
    val heard = CopyOnWriteArrayList<BookChange>()

    private val told = Semaphore(0)

    override fun changed(change: BookChange) {
        heard += change
        told.release()
    }

    /** Waits until [seen], looking again whenever something was heard. */
    fun until(seen: () -> Boolean) {
        val deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30)
        while (!seen()) {
            check(told.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) { "not in time" }
        }
    }
}

fun everyone(text: String = "", offset: UInt = 0u) = ListRequest(text, "", MemberOrder.NAME, offset, 50u)

fun walkin(name: String, phone: String, agrees: Boolean = true) =
    WalkinRequest(name, phone, MemberGender.FEMALE, "--03-29", agrees, false, emptyList())
