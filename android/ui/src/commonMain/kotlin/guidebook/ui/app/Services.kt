package guidebook.ui.app

import java.time.Clock
import java.util.concurrent.ConcurrentHashMap

/** What the screens ask of the machine they run on. Each shell brings its own. */
class Services(
    val kept: Kept,
    val dialler: Dialler,
    val scanner: Scanner? = null,
    val sharer: Sharer? = null,
    val haptics: Haptics = Haptics {},
    val secure: SecureScreen = SecureScreen {},
    val brightness: Brightness = Brightness {},
    val clock: Clock = Clock.systemDefaultZone(),
    val deviceName: String = "Guidebook",
    val systemLanguage: String = "zh",
    val version: String = "0.1.0",
    val gate: Gate = Gate.None,
)

/** Small settings that outlive the process; nothing about members ever goes in. */
interface Kept {
    fun read(key: String): String?

    fun write(key: String, value: String?)
}

/** Opens the system's telephone with a number in it. False where there is none: then the number is shown. */
fun interface Dialler {
    fun dial(number: String): Boolean
}

/** Reads one code with the camera. */
fun interface Scanner {
    fun scan(found: (String) -> Unit)
}

/** Hands a text to the app that she chooses. */
fun interface Sharer {
    fun share(text: String)
}

/** A short tick under the finger. */
fun interface Haptics {
    fun tick()
}

/** Keeps what is shown out of screenshots and of the list of recent apps. */
fun interface SecureScreen {
    fun set(on: Boolean)
}

/** As bright as the screen can be, while a code on it is to be read by a till. */
fun interface Brightness {
    fun full(on: Boolean)
}

/** Asks the person in front of the phone to prove herself, as HQ's policy wants it. */
fun interface Gate {
    suspend fun pass(): Passage

    companion object {
        /** Where nobody is asked. */
        val None = Gate { Passage.Open }
    }
}

enum class Passage { Open, Refused, LockedOut }

/** Forgets with the process. */
class KeptInMemory : Kept {
    private val values = ConcurrentHashMap<String, String>()

    override fun read(key: String): String? = values[key]

    override fun write(key: String, value: String?) {
        if (value == null) values.remove(key) else values[key] = value
    }
}
