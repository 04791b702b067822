package guidebook.counter.bench

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.swing.Swing
import java.io.File
import kotlin.system.exitProcess

/** `HOME`: one start of the counter's app with 20,000 members; prints the moment at which the list stood, as Unix ms. */
fun main(arguments: Array<String>) {
    runBlocking(Dispatchers.Swing) {
        val desk = Desk(File(arguments[0]))
        desk.drawUntilListed()
        println(System.currentTimeMillis())
        System.out.flush()
        desk.close()
    }
    // An orderly end: a class archive, where one is asked for, is written by it.
    exitProcess(0)
}
