package guidebook.counter.bench

import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.input.pointer.PointerEventType
import guidebook.counter.enrol
import guidebook.counter.openModel
import guidebook.ui.book.ListRequest
import guidebook.ui.members.Found
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.swing.Swing
import java.io.File
import java.lang.management.ManagementFactory
import kotlin.math.ceil
import kotlin.system.exitProcess

/**
 * `HOME SERVER CODE [start|scroll]`: measures the counter's app with all members of the guide who enrols, and prints the figures
 * beside their bars; with one more word those of starting or of scrolling alone. `./dev bench ui` runs it beside a server whose one guide has 20,000 members.
 */
fun main(arguments: Array<String>) {
    val (home, server, code) = arguments
    val only = arguments.getOrNull(3)
    require(only in setOf(null, "start", "scroll")) { "what is measured alone is start or scroll" }
    val members = filled(File(home), server, code)
    val processors = Runtime.getRuntime().availableProcessors()
    println("$members members; window of $WIDTH × $HEIGHT dp, one pixel a dp, Skia's software renderer; $processors processors")
    val told = ArrayList<Figure>()

    // Each as soon as it is known: the whole takes minutes.
    fun tell(figure: Figure) {
        println(figure)
        told += figure
    }
    if (only != "scroll") starts(File(home), ::tell)
    if (only != "start") runBlocking(Dispatchers.Swing) { atWork(File(home), only == null, ::tell) }
    exitProcess(if (told.all { it.holds }) 0 else 1)
}

/** A measured figure; [bar] is the most that it may be. */
private data class Figure(val what: String, val value: Double, val unit: String, val bar: Double? = null) {
    val holds get() = bar == null || value <= bar

    override fun toString(): String {
        val judged = if (bar == null) "" else "bar %,.0f %s".format(bar, unit) + if (holds) ", holds" else ", MISSED"
        return "%-58s %9s %-3s %s".format(what, if (value < 100) "%.1f".format(value) else "%,.0f".format(value), unit, judged).trimEnd()
    }
}

private fun filled(home: File, server: String, code: String): Int {
    val scope = CoroutineScope(Dispatchers.Default)
    val model = openModel(home, scope)
    enrol(model, server, code)
    val total = runBlocking { model.book.list(ListRequest()).total }
    scope.cancel()
    (model.book as AutoCloseable).close()
    return total
}

/** From the start of the process to the list drawn, in processes of their own. */
private fun starts(home: File, tell: (Figure) -> Unit) {
    val archive = File(home, "classes.jsa")
    tell(Figure("process start to usable list, first start", start(home, emptyList()), "ms"))
    start(home, listOf("-XX:ArchiveClassesAtExit=$archive"))
    val plain = List(STARTS) { start(home, emptyList()) }
    tell(Figure("  median of $STARTS later ones, classes from jars", median(plain), "ms"))
    check(archive.exists()) { "no archive was written" }
    val warm = List(STARTS) { start(home, listOf("-XX:SharedArchiveFile=$archive")) }
    tell(Figure("  median of $STARTS later ones, classes from an archive", median(warm), "ms", bar = 1_000.0))
}

private fun start(home: File, options: List<String>): Double {
    val java = File(System.getProperty("java.home"), "bin/java").path
    val same = ManagementFactory.getRuntimeMXBean().inputArguments.filter { it.startsWith("-X") || it.startsWith("-D") }
    val command = listOf(java) + same + options + listOf("-cp", System.getProperty("java.class.path"), "guidebook.counter.bench.StartKt", home.path)
    val begun = System.currentTimeMillis()
    val process = ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    val stood = process.inputReader().readLines().last { it.toLongOrNull() != null }.toLong()
    process.waitFor()
    return (stood - begun).toDouble()
}

/** In one process that has been at work for a while. */
private suspend fun atWork(home: File, typed: Boolean, tell: (Figure) -> Unit) {
    Desk(home).use { it.drawUntilListed() }
    val begun = System.nanoTime()
    val desk = Desk(home)
    desk.drawUntilListed()
    tell(Figure("  book opened to usable list in a JVM at work", since(begun), "ms"))
    if (typed) typing(desk, tell)
    scrolling(desk, tell)
    tell(Figure("memory of the process", residentMb(), "MB"))
    desk.close()
}

private suspend fun typing(desk: Desk, tell: (Figure) -> Unit) {
    val first = keys(desk)
    tell(Figure("key stroke to drawn result, the first ${first.clock.size}: p95", p95(first.clock), "ms"))
    repeat(2) { keys(desk) }
    val keys = keys(desk)
    tell(Figure("  after ${3 * first.clock.size}, the JVM warm: p95 of ${keys.clock.size}", p95(keys.clock), "ms", bar = 50.0))
    tell(Figure("  median", median(keys.clock), "ms"))
    tell(Figure("  processor time of the process meanwhile, p95", p95(keys.processor), "ms"))
}

private suspend fun scrolling(desk: Desk, tell: (Figure) -> Unit) {
    val flung = scroll(desk, ROW)
    tell(Figure("a frame while 2,000 rows fly by, a row a frame, p95 of ${flung.clock.size}", p95(flung.clock), "ms"))
    tell(Figure("  processor time of such a frame, p95", p95(flung.processor), "ms"))
    val frames = scroll(desk, THIRD)
    tell(Figure("a frame while 2,000 rows scroll by, p95 of ${frames.clock.size}", p95(frames.clock), "ms", bar = 8.0))
    tell(Figure("  median", median(frames.clock), "ms"))
    tell(Figure("  processor time of such a frame, p95", p95(frames.processor), "ms"))
    tell(Figure("  median", median(frames.processor), "ms"))
    val floor = floor()
    tell(Figure("a frame while as many plain rows fly by, p95 of ${floor.clock.size}", p95(floor.clock), "ms"))
    tell(Figure("  processor time of such a frame, p95", p95(floor.processor), "ms"))
    tell(Figure("  median", median(floor.processor), "ms"))
}

private fun since(ns: Long) = (System.nanoTime() - ns) / 1e6

/** Types and deletes as she does: Chinese, initials, full pinyin, digits of a number. From the new text to the last frame with its result. */
private suspend fun keys(desk: Desk): Costs {
    val keys = Costs { process.processCpuTime }
    for (word in WORDS) {
        for (text in word.indices.map { word.substring(0, it + 1) } + word.indices.reversed().map { word.substring(0, it) }) {
            keys.timed {
                val before = desk.lists
                desk.list.type(text)
                desk.drawUntil { desk.lists > before }
            }
        }
    }
    return keys
}

/** From the top of the list to row 2,000. */
private suspend fun scroll(desk: Desk, notches: Float): Costs {
    for (text in listOf("zm", "")) {
        val before = desk.lists
        desk.list.type(text)
        desk.drawUntil { desk.lists > before }
    }
    return scrolled(desk.stage, notches, desk::frame) { (desk.found as Found.Rows).row(LAST_ROW) != null }
}

/** The same way through [Floor]. */
private suspend fun floor(): Costs = Floor().use { floor ->
    floor.frame()
    scrolled(floor.stage, ROW, floor::frame) { floor.row >= LAST_ROW }
}

/** Turns the wheel by so many [notches], a frame at a time. */
private suspend fun scrolled(stage: ImageComposeScene, notches: Float, frame: suspend () -> Unit, there: () -> Boolean): Costs {
    val frames = Costs { threads.currentThreadCpuTime }
    val middle = Offset(200f, HEIGHT / 2f)
    while (!there()) {
        frames.timed {
            stage.sendPointerEvent(PointerEventType.Scroll, middle, Offset(0f, notches))
            frame()
        }
        // Until the next frame is due.
        delay(maxOf(0L, FRAME_MS - frames.clock.last().toLong()))
        check(frames.clock.size < MOST_FRAMES) { "the list does not scroll" }
    }
    return frames
}

/** What something cost by the clock, and of the processors by [worked], in ns: on a busy machine the clock tells of other programs as well. Both kept in ms. */
private class Costs(private val worked: () -> Long) {
    val clock = ArrayList<Double>()
    val processor = ArrayList<Double>()

    suspend fun timed(what: suspend () -> Unit) {
        val begun = System.nanoTime()
        val before = worked()
        what()
        clock += since(begun)
        processor += (worked() - before) / 1e6
    }
}

private val threads = ManagementFactory.getThreadMXBean()
private val process = ManagementFactory.getOperatingSystemMXBean() as com.sun.management.OperatingSystemMXBean

private fun median(figures: List<Double>) = figures.sorted()[figures.size / 2]

private fun p95(figures: List<Double>) = figures.sorted()[ceil(figures.size * 0.95).toInt() - 1]

private fun residentMb() = File("/proc/self/status").readLines().first { it.startsWith("VmRSS") }.filter { it.isDigit() }.toDouble() / 1_024

private val WORDS = listOf("zm", "王小", "zhang", "lina", "1380", "欧阳", "wxm", "陈")
private const val STARTS = 5
private const val LAST_ROW = 2_000

/** Notches of the wheel. In a window of this height one moves the list by 26 dp: a third of a row, 22 rows a second. */
private const val THIRD = 1f

/** About a row, 65 a second: half a minute for 2,000. */
private const val ROW = 3f
private const val FRAME_MS = 16L
private const val MOST_FRAMES = 10_000
