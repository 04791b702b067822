package guidebook.ui.member

import guidebook.ui.app.Haptics
import guidebook.ui.app.Notice
import guidebook.ui.app.Notices
import guidebook.ui.app.Presenter
import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.Change
import guidebook.ui.book.Limits
import guidebook.ui.book.Problem
import guidebook.ui.book.Tag
import guidebook.ui.book.TagGroup
import guidebook.ui.words.Words
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch

sealed interface TagsState {
    data object Loading : TagsState

    data class Failed(val problem: Problem) : TagsState

    data class Shown(val name: String, val groups: List<TagGroup>, val carried: Set<String>, val limits: Limits) : TagsState
}

/**
 * A tap is saved at once; what can't be changed says why at the tap. The chip answers the finger before the book has: until the
 * book has been read after its answer, the tap is drawn over what was read last.
 */
class TagsPresenter(
    private val member: String,
    private val book: Book,
    private val notices: Notices,
    private val haptics: Haptics,
    scope: CoroutineScope,
) : Presenter(scope) {
    private class Tap(val group: TagGroup, val tag: String, val on: Boolean) {
        var answered = false

        fun over(carried: Set<String>): Set<String> {
            val others = if (on && group.singleChoice) carried - group.tags.map { it.id }.toSet() else carried - tag
            return if (on) others + tag else others
        }
    }

    private val shown = MutableStateFlow<TagsState>(TagsState.Loading)
    val state: StateFlow<TagsState> = shown

    /** Taps that the book as it was read last does not tell of, in their order. */
    private val underway = ArrayList<Tap>()

    init {
        scope.launch {
            book.changes.collect { if (it == Change.Dictionary || (it is Change.Members && member in it.members)) read() }
        }
        scope.launch { read() }
    }

    private suspend fun read() {
        val told = underway.filter { it.answered }.toSet()
        shown.value = try {
            val row = book.member(member).row
            val (groups, limits) = book.tagGroups() to book.limits()
            underway -= told
            val carried = underway.fold(row.tags.toSet()) { tags, tap -> tap.over(tags) }
            TagsState.Shown(row.remarkName.ifEmpty { row.name }, groups, carried, limits)
        } catch (e: BookException) {
            TagsState.Failed(e.problem)
        }
    }

    fun turn(group: TagGroup, tag: Tag) {
        val here = shown.value as? TagsState.Shown ?: return
        if (!group.editable) return notices.say(Notice({ it.hqOnlyWhy }))
        val tap = Tap(group, tag.id, tag.id !in here.carried)
        haptics.tick()
        underway += tap
        shown.value = here.copy(carried = tap.over(here.carried))
        val said = { words: Words -> if (tap.on) words.tagOn(tag.name) else words.tagTakenOff(tag.name) }
        notices.edit(said, answered = { answered(tap) }) { setTag(member, tag.id, tap.on) }
    }

    private fun answered(tap: Tap) {
        tap.answered = true
        scope.launch { read() }
    }

    /** Makes a tag of her own and puts it on. */
    fun add(name: String, then: () -> Unit) =
        notices.edit({ it.tagOn(name.trim()) }, { then() }) { setTag(member, makePersonalTag(name.trim()), true) }
}
