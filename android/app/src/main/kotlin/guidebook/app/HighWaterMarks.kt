package guidebook.app

import guidebook.core.KeyVaultException
import guidebook.core.MarkVault

/**
 * Up to which turn coupon codes have been given out, kept where a restored or cloned copy of the app's files does not bring
 * an older figure back: in the Keystore, as the names of its keys. A mark is the highest name; raising it makes the next
 * name before it drops the last, so that no interruption lowers it.
 *
 * Whatever the Keystore throws is "not now": then no code is given out.
 */
class HighWaterMarks(private val keys: WrappingKeys) : MarkVault {
    @Synchronized
    override fun load(book: String): Map<String, ULong> = orNotNow {
        marks(book).groupBy({ it.name }, { it.mark }).mapValues { (_, marks) -> marks.max() }
    }

    @Synchronized
    override fun raiseTo(book: String, name: String, mark: ULong): Boolean = orNotNow {
        require('.' !in name) { "name: with a dot" }
        val before = marks(book).filter { it.name == name }
        if (before.any { it.mark >= mark }) return false
        keys.make(prefix(book) + name + '.' + mark)
        check(marks(book).any { it.name == name && it.mark == mark }) { "mark: not kept" }
        before.forEach { keys.delete(it.alias) }
        return true
    }

    @Synchronized
    override fun erase(book: String) = orNotNow { marks(book).forEach { keys.delete(it.alias) } }

    private class Mark(val alias: String, val name: String, val mark: ULong)

    private fun marks(book: String): List<Mark> = keys.aliases().filter { it.startsWith(prefix(book)) }.mapNotNull { alias ->
        val (name, mark) = alias.removePrefix(prefix(book)).split('.').takeIf { it.size == 2 } ?: return@mapNotNull null
        mark.toULongOrNull()?.let { Mark(alias, name, it) }
    }

    private fun prefix(book: String) = "guidebook.mark.$book."

    private inline fun <T> orNotNow(work: () -> T): T = try {
        work()
    } catch (_: Exception) {
        throw KeyVaultException.Unavailable()
    }
}
