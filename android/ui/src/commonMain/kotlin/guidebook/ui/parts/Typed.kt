package guidebook.ui.parts

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue

/**
 * What a field shows. A presenter gives a typed text back a frame later; drawn from that, a field takes back what was typed in
 * between. So what is typed stands at once, and what comes back counts only if it is not an echo of it.
 */
class Typed internal constructor(text: String) {
    var text by mutableStateOf(text)
        private set

    private val told = ArrayDeque<String>()

    fun type(text: String, tell: (String) -> Unit) {
        if (text == this.text) return
        this.text = text
        told += text
        tell(text)
    }

    /** What the presenter says. */
    internal fun heard(text: String) {
        val echo = told.indexOf(text)
        when {
            text == this.text -> told.clear()
            echo >= 0 -> repeat(echo + 1) { told.removeFirst() }
            else -> this.text = text
        }
    }
}

@Composable
fun rememberTyped(text: String): Typed {
    val typed = remember { Typed(text) }
    LaunchedEffect(text) { typed.heard(text) }
    return typed
}
