package guidebook.app.runner

import org.junit.internal.TextListener
import org.junit.runner.Description
import org.junit.runner.JUnitCore
import org.junit.runner.Result
import org.junit.runner.notification.RunListener
import kotlin.system.exitProcess

/** Runs the classes that are named, says what took longest, and closes with the line that CI reads. */
fun main(names: Array<String>) {
    val core = JUnitCore()
    val times = Times()
    core.addListener(TextListener(System.out))
    core.addListener(times)
    val result = core.run(*names.map { Class.forName(it) }.toTypedArray())
    times.longest(5).forEach { println(it) }
    println(closingLine(result))
    System.out.flush()
    // Robolectric leaves threads behind.
    exitProcess(if (result.wasSuccessful() && result.runCount > 0) 0 else 1)
}

private fun closingLine(result: Result): String {
    val skipped = result.ignoreCount + result.assumptionFailureCount.toInt()
    val failed = if (result.runCount == 0) 1 else result.failureCount
    val skips = if (skipped == 0) "" else ", $skipped skipped"
    return "android: ${result.runCount - result.failureCount - result.assumptionFailureCount} passed, $failed failed$skips"
}

private class Times : RunListener() {
    private val begun = HashMap<Description, Long>()
    private val took = HashMap<Description, Long>()

    override fun testStarted(description: Description) {
        begun[description] = System.nanoTime()
    }

    override fun testFinished(description: Description) {
        took[description] = (System.nanoTime() - begun.getValue(description)) / 1_000_000
    }

    fun longest(count: Int) = took.entries.sortedByDescending { it.value }.take(count)
        .map { "${it.value} ms ${it.key.testClass.simpleName}: ${it.key.methodName}" }
}
