package guidebook.ui.walk

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.runDesktopComposeUiTest
import guidebook.core.KeyVault
import guidebook.ui.app.Place
import guidebook.ui.gallery.DENSITY
import java.io.File

/** Keys that outlive the process, in files of the test's folder. */
class KeysInFiles(private val folder: File) : KeyVault {
    private fun of(book: String) = File(folder, "$book.key")

    override fun load(book: String): ByteArray? = of(book).takeIf { it.exists() }?.readBytes()

    override fun save(book: String, key: ByteArray) = of(book).writeBytes(key)

    override fun erase(book: String) {
        of(book).delete()
    }
}

/** The note that the victim writes as its [n]th. */
internal fun noteOf(n: Int) = "第${n}次来访"

/**
 * The app as a process of its own, for [KilledTest], with the screens and the core in it: enrols, says so, waits for a line,
 * and then writes notes, each said once the screen has shown it, until it is killed.
 * Arguments: the folder of books, of keys, the server, a code, the member.
 */
@OptIn(ExperimentalTestApi::class)
fun main(arguments: Array<String>) = runDesktopComposeUiTest((411 * DENSITY).toInt(), (891 * DENSITY).toInt()) {
    val (books, keys, server, code, member) = arguments
    val hand = Hand(this, File(books), KeysInFiles(File(keys)))
    hand.look()
    hand.enrol(server, code)
    println("enrolled")
    readln()
    hand.search(member)
    hand.tap(hasText(member, substring = true) and hasClickAction())
    hand.sees(words.spendTotal)
    for (n in 1..1_000) {
        hand.tap(hasText(words.note) and hasClickAction())
        hand.writeInFocus(noteOf(n))
        hand.tap(words.save)
        hand.until("her page") { hand.app.navigator.stack.value.last() is Place.Member }
        hand.sees(noteOf(n))
        println("noted $n")
    }
}
