package guidebook.app

import androidx.compose.ui.test.junit4.createEmptyComposeRule
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.performTextReplacement
import guidebook.ui.parts.SEARCH_TAG
import guidebook.ui.words.wordsFor
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import java.io.File
import java.lang.management.ManagementFactory

/**
 * The app in a process of its own, for [DayTest]: she enrols, finds the member by her initials, and once the network is gone
 * turns a tag. What the screen has shown is said line by line; then the process waits to be killed.
 */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(qualifiers = "zh-rCN-w411dp-h891dp-xxhdpi")
class Victim {
    @get:Rule
    val keystore = FakeKeystore(File(told("keystore")))

    @get:Rule
    val compose = createEmptyComposeRule()

    private val window by lazy { Window(compose) }
    private val words = wordsFor("zh")

    @Test
    fun `tags her without a network, and is killed`() {
        window.open()
        // The runner's own dots go before.
        println("\nfiles ${window.app.dataDir}")
        window.enrol(told("server"), told("code"))
        compose.onNodeWithTag(SEARCH_TAG).performTextReplacement("zm")
        window.waitFor(told("member"))
        window.picture("day-1-search")
        println("found")
        readln()
        window.tap(words.tagsOf(told("member")))
        window.tapChip(told("chip"))
        window.until("the tag turned") { window.sees(words.tagOn(told("chip"))) || window.sees(words.tagTakenOff(told("chip"))) }
        window.picture("day-2-tag-offline")
        println("tagged ${window.sees(words.tagOn(told("chip")))}")
        readln()
    }

    companion object {
        private fun told(what: String) = checkNotNull(System.getProperty("victim.$what")) { "started by DayTest" }

        /** Starts it; its temporary files lie in [folder], its Keystore in [keystore]. */
        fun start(folder: File, keystore: File, told: Map<String, String>): Process {
            val java = File(System.getProperty("java.home"), "bin/java").path
            val same = ManagementFactory.getRuntimeMXBean().inputArguments.filter { it.startsWith("-X") || it.startsWith("-D") }
            val own = (told + ("keystore" to keystore.path)).map { (what, value) -> "-Dvictim.$what=$value" }
            val command = listOf(java) + same + own + "-Djava.io.tmpdir=$folder" + "-Dfile.encoding=UTF-8" + "-Dstdout.encoding=UTF-8" +
                listOf("-cp", System.getProperty("java.class.path"), "guidebook.app.runner.RunKt", Victim::class.java.name)
            return ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        }
    }
}
