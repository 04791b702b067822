package guidebook.app

import android.content.Context
import android.os.Build
import android.os.SystemClock
import android.view.HapticFeedbackConstants
import guidebook.core.KeyVault
import guidebook.core.MarkVault
import guidebook.ui.app.AppModel
import guidebook.ui.app.Brightness
import guidebook.ui.app.Dialler
import guidebook.ui.app.Haptics
import guidebook.ui.app.Scanner
import guidebook.ui.app.SecureScreen
import guidebook.ui.app.Services
import guidebook.ui.app.Sharer
import guidebook.ui.app.Stage
import guidebook.ui.book.Book
import guidebook.ui.book.CoreBook
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import java.io.File
import java.time.Duration

/** What lives as long as the process: the one book, the one model over it, and the services that the activity lends. */
class Phone(
    private val context: Context,
    private val vault: KeyVault = KeystoreVault(context.getSharedPreferences("keys", Context.MODE_PRIVATE), WrappingKeys(context)),
    private val dialog: PersonDialog? = null,
    private val marks: MarkVault = HighWaterMarks(WrappingKeys(context)),
) {
    val kept = PreferencesKept(context.getSharedPreferences("settings", Context.MODE_PRIVATE))
    val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main.immediate)
    val policy get() = Policy.of(context)

    /** The activity that is shown, while there is one. */
    var activity: MainActivity? = null
    val waitingForCode = CodeScanner.Waiting()

    /** HQ's code from a link, until the screen that enrols takes it: that of a further guide's, where one is enrolled. */
    val link = MutableStateFlow<String?>(null)

    /** Whether she looks at the app: then nothing happens behind her back. */
    @Volatile
    var watched = false
        private set
    private var leftAt: Long? = null
    private var locking: Job? = null

    private val opening = Mutex()
    private var book: CoreBook? = null
    private var model: AppModel? = null

    /** Opened on first use, off the UI thread. */
    suspend fun book(): Book = opening.withLock {
        book ?: withContext(Dispatchers.IO) { CoreBook.open(File(context.filesDir, "books").path, vault, kept, marks = marks) }.also { book = it }
    }

    /** Made on first use, and then begins at the [places] at which the last process stood. */
    suspend fun model(places: List<String>): AppModel {
        val book = book()
        return model ?: AppModel(book, services(), scope).also {
            model = it
            it.start()
            // Only once the book is open: on the way there the model goes home whenever it stops at a door.
            if (places.size > 1) {
                scope.launch {
                    it.stage.first { stage -> stage == Stage.Open }
                    it.navigator.restore(places)
                }
            }
        }
    }

    fun arrived() {
        watched = true
        model?.looking(true)
        locking?.cancel()
        val away = leftAt?.let { Duration.ofMillis(SystemClock.elapsedRealtime() - it) } ?: return
        leftAt = null
        // The phone may have slept through the appointed time.
        if (policy.person && away >= policy.lockAfter) model?.lock()
    }

    fun left() {
        watched = false
        model?.looking(false)
        leftAt = SystemClock.elapsedRealtime()
        if (!policy.person) return
        locking = scope.launch {
            delay(policy.lockAfter.toMillis())
            model?.lock()
        }
    }

    private fun services() = Services(
        kept = kept,
        dialler = PhoneDialler { activity },
        scanner = Scanner { found -> activity?.scanner?.scan(found) },
        sharer = Sharer { text -> activity?.let { ShareSheet.open(it, text) } },
        haptics = Haptics { activity?.window?.decorView?.performHapticFeedback(HapticFeedbackConstants.KEYBOARD_TAP) },
        brightness = Brightness { on -> activity?.bright(on) },
        secure = SecureScreen { on -> activity?.secure(on && policy.secureScreens) },
        deviceName = "${Build.MANUFACTURER} ${Build.MODEL}".trim(),
        systemLanguage = context.resources.configuration.locales[0].language,
        gate = PersonGate({ policy }, dialog ?: SystemPersonDialog { activity }),
    )
}
