package guidebook.app

/**
 * How many codes of a grant have been given out, kept where a restored or cloned copy of the app's files does not bring an
 * older figure back: in the Keystore, as the names of its keys. A mark is the highest name; raising it makes the next
 * name before it drops the last, so that no interruption lowers it.
 *
 * Coupons are not issued yet: the core asks for no mark so far.
 */
class HighWaterMarks(private val keys: WrappingKeys) {
    /** 0 where nothing was given out. Throws what the Keystore throws: then no code may be given out. */
    @Synchronized
    fun read(grant: String): Long = marks(grant).maxOrNull() ?: 0

    /** Does nothing where the mark is there already or higher. */
    @Synchronized
    fun raise(grant: String, mark: Long) {
        require(mark >= 0) { "mark: negative" }
        val before = marks(grant)
        if (before.any { it >= mark }) return
        keys.make(prefix(grant) + mark)
        check(read(grant) == mark) { "mark: not kept" }
        before.forEach { keys.delete(prefix(grant) + it) }
    }

    private fun marks(grant: String): List<Long> =
        keys.aliases().filter { it.startsWith(prefix(grant)) }.mapNotNull { it.removePrefix(prefix(grant)).toLongOrNull() }

    private fun prefix(grant: String) = "guidebook.mark.$grant."
}
