package guidebook.counter

import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.input.key.KeyEvent
import androidx.compose.ui.input.key.KeyEventType
import androidx.compose.ui.input.key.isAltPressed
import androidx.compose.ui.input.key.isCtrlPressed
import androidx.compose.ui.input.key.isMetaPressed
import androidx.compose.ui.input.key.isShiftPressed
import androidx.compose.ui.input.key.key
import androidx.compose.ui.input.key.type
import androidx.compose.ui.input.key.utf16CodePoint
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.app.Stage
import guidebook.ui.members.MembersPresenter

/**
 * The window's keys: `/` goes to the search, the arrows walk the list, Enter opens, Escape goes back, and what is typed
 * with nothing in focus goes into the search, so that a barcode scanner, which types, finds whom it has scanned.
 */
class Keyboard(private val app: AppModel, private val search: FocusRequester) {
    /** A window says each key twice: that it went down, and what it typed. The second must not reach the field that the first brought into focus. */
    private var echo = false

    /** Before the focused field: true if the key was taken. */
    fun preview(event: KeyEvent): Boolean {
        if (echo && event.type == KeyEventType.Unknown) {
            echo = false
            return true
        }
        if (event.type == KeyEventType.KeyDown) echo = false
        if (event.type != KeyEventType.KeyDown || app.stage.value != Stage.Open) return false
        val list = app.presenter(Place.Members) { MembersPresenter(app.book, it) }
        val listOnTop = app.navigator.stack.value.size <= 2 && app.navigator.stack.value.last() !is Place.Sheet
        return when (event.key) {
            Key.Escape -> app.navigator.back()
            Key.DirectionDown -> listOnTop && true.also { list.moveCursor(1) }
            Key.DirectionUp -> listOnTop && true.also { list.moveCursor(-1) }
            Key.Enter, Key.NumPadEnter -> listOnTop && atList() && list.sought() && open(list)
            else -> false
        }
    }

    /** After the focused field, if there was one, let it pass. */
    fun fallback(event: KeyEvent): Boolean {
        if (event.type != KeyEventType.KeyDown || app.stage.value != Stage.Open || !atList()) return false
        if (event.isCtrlPressed || event.isAltPressed || event.isMetaPressed) return false
        if (event.key == Key.Slash && !event.isShiftPressed) {
            echo = true
            search.requestFocus()
            return true
        }
        val typed = event.utf16CodePoint
        if (typed <= ' '.code || typed == PRIVATE || Character.isISOControl(typed)) return false
        // What the key types follows by itself and lands in the field.
        search.requestFocus()
        return false
    }

    private fun atList() = app.navigator.stack.value.last().let { it == Place.Members || it is Place.Member }

    /** She is looking for somebody: Enter is hers, and not the focused button's. */
    private fun MembersPresenter.sought() = state.value.cursor != null || state.value.wish.text.isNotBlank()

    private fun open(list: MembersPresenter): Boolean {
        list.choose { app.navigator.goFromHome(Place.Member(it.id)) }
        return true
    }

    private companion object {
        const val PRIVATE = 0xFFFF
    }
}
