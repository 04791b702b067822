package guidebook.ui.members

import guidebook.ui.book.ListRequest
import guidebook.ui.book.TagGroup
import guidebook.ui.words.Words

/** Which members she wants to see. Tags of one group are alternatives; every group must fit; what is excluded must not be there. */
data class Filter(
    val wanted: Set<String> = emptySet(),
    val excluded: Set<String> = emptySet(),
    val birthdayThisWeek: Boolean = false,
    val followUpDue: Boolean = false,
) {
    val count get() = wanted.size + excluded.size + listOf(birthdayThisWeek, followUpDue).count { it }

    /** Off, wanted, excluded, off. */
    fun turned(tag: String) = when (tag) {
        in wanted -> copy(wanted = wanted - tag, excluded = excluded + tag)
        in excluded -> copy(excluded = excluded - tag)
        else -> copy(wanted = wanted + tag)
    }

    /** As the core reads it: `(A OR B) AND C AND NOT D`. Tags that no group holds any more are left out. */
    fun expression(groups: List<TagGroup>): String {
        val alternatives = groups.map { group -> group.tags.map { it.id }.filter { it in wanted } }.filter { it.isNotEmpty() }
        val not = groups.flatMap { it.tags }.map { it.id }.filter { it in excluded }
        return (alternatives.map { it.joinToString(" OR ", "(", ")") } + not.map { "NOT $it" }).joinToString(" AND ")
    }

    fun on(request: ListRequest, groups: List<TagGroup>) = request.copy(
        tags = expression(groups),
        birthdayWithinDays = WEEK.takeIf { birthdayThisWeek },
        followUpDue = followUpDue,
    )

    /** The filter as a sentence. */
    fun said(groups: List<TagGroup>, words: Words): String {
        val alternatives = groups.map { group -> group.tags.filter { it.id in wanted }.joinToString(words.filterOr) { it.name } }
        val not = groups.flatMap { it.tags }.filter { it.id in excluded }.map { words.filterNot + it.name }
        val marks = listOfNotNull(words.thisWeek.takeIf { birthdayThisWeek }, words.filterFollowUp.takeIf { followUpDue })
        return (alternatives.filter { it.isNotEmpty() } + marks + not).joinToString(words.filterAnd)
    }

    companion object {
        const val WEEK = 7
    }
}
