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
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch

sealed interface TagsState {
    data object Loading : TagsState

    data class Failed(val problem: Problem) : TagsState

    data class Shown(val name: String, val groups: List<TagGroup>, val carried: Set<String>, val limits: Limits) : TagsState
}

/** A tap is saved at once; what can't be changed says why at the tap. */
class TagsPresenter(
    private val member: String,
    private val book: Book,
    private val notices: Notices,
    private val haptics: Haptics,
    scope: CoroutineScope,
) : Presenter(scope) {
    private val shown = MutableStateFlow<TagsState>(TagsState.Loading)
    val state: StateFlow<TagsState> = shown

    init {
        scope.launch {
            book.changes.collect { if (it == Change.Dictionary || (it is Change.Members && member in it.members)) read() }
        }
        scope.launch { read() }
    }

    private suspend fun read() {
        shown.value = try {
            val row = book.member(member).row
            TagsState.Shown(row.remarkName.ifEmpty { row.name }, book.tagGroups(), row.tags.toSet(), book.limits())
        } catch (e: BookException) {
            TagsState.Failed(e.problem)
        }
    }

    fun turn(group: TagGroup, tag: Tag) {
        val carried = (shown.value as? TagsState.Shown)?.carried ?: return
        if (!group.editable) return notices.say(Notice({ it.hqOnlyWhy }))
        val on = tag.id !in carried
        haptics.tick()
        notices.edit({ if (on) it.tagOn(tag.name) else it.tagTakenOff(tag.name) }) { setTag(member, tag.id, on) }
    }

    /** Makes a tag of her own and puts it on. */
    fun add(name: String, then: () -> Unit) =
        notices.edit({ it.tagOn(name.trim()) }, { then() }) { setTag(member, makePersonalTag(name.trim()), true) }
}
