package guidebook.ui.fake

import guidebook.core.MarkVault
import java.util.concurrent.ConcurrentHashMap

/** Marks that outlive the book, as the Keystore outlives the app's process. */
class MarksInMemory : MarkVault {
    private val marks = ConcurrentHashMap<String, Map<String, ULong>>()

    override fun load(book: String): Map<String, ULong> = marks[book].orEmpty()

    @Synchronized
    override fun raiseTo(book: String, name: String, mark: ULong): Boolean {
        val before = load(book)
        if ((before[name] ?: 0u) >= mark) return false
        marks[book] = before + (name to mark)
        return true
    }

    override fun erase(book: String) {
        marks.remove(book)
    }
}
