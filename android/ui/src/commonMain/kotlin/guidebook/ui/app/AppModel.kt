package guidebook.ui.app

import guidebook.ui.book.Book
import guidebook.ui.book.BookException
import guidebook.ui.book.BookState
import guidebook.ui.book.Change
import guidebook.ui.book.Problem
import guidebook.ui.settings.Preferences
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.job
import kotlinx.coroutines.launch

/**
 * The app without its pictures: which stage it is at, where the guide is, and who presents each place. A shell makes one
 * for the life of its process (or of its retained activity) with a [scope] on the UI thread.
 */
class AppModel(val book: Book, val services: Services, private val scope: CoroutineScope) {
    private val at = MutableStateFlow<Stage>(Stage.Opening)
    val stage: StateFlow<Stage> = at

    val navigator = Navigator()
    val notices = Notices(book, scope)
    val preferences = Preferences(services.kept)
    val sync = SyncWatch(book, services.kept, scope, ::ended)

    /** She has shown that it is she (or enrolled here) since the book was last locked. */
    private var admitted = false

    /** The server knows this phone no more: HQ's code brings the book back with all that waits in it. */
    var forgotten = false
        private set

    private val presenters = HashMap<Any, Presenter>()
    private var whose: String? = null

    /** A book that has begun to be read before anything could be drawn. */
    private var read: Deferred<Unit>? = null

    /** Before [start], on the thread that makes the model: a book before which nobody is asked begins to be read at once. */
    suspend fun readAhead() {
        val waits = services.gate === Gate.None && orProblem({ false }) { book.state() == BookState.Locked }
        if (!waits) return
        admitted = true
        at.value = Stage.Entering
        read = scope.async(start = CoroutineStart.UNDISPATCHED) { orProblem(::stopAt) { book.unlock() } }
    }

    /** Opens the book and keeps listening to it. */
    fun start() {
        scope.launch { book.changes.collect(::heard) }
        scope.launch { navigator.stack.collect(::letGo) }
        scope.launch {
            read?.await()
            look()
        }
    }

    /** The presenter of [place], a [Place] or [ENROL], made when it is first shown. */
    @Suppress("UNCHECKED_CAST")
    fun <P : Presenter> presenter(place: Any, make: (CoroutineScope) -> P): P = presenters.getOrPut(place) {
        make(CoroutineScope(scope.coroutineContext + SupervisorJob(scope.coroutineContext.job)))
    } as P

    fun unlock() {
        scope.launch {
            at.value = Stage.Opening
            enter()
        }
    }

    /** She looks at the app, or does not: only then it waits for news. */
    fun looking(on: Boolean) {
        scope.launch { orProblem({}) { book.setLive(on) } }
    }

    fun lock() {
        scope.launch { book.lock() }
    }

    /** After an enrolment: whoever had HQ's code has shown that it is she. */
    fun entered() {
        admitted = true
        scope.launch { look() }
    }

    fun enrolAgain() {
        at.value = Stage.Enrol
    }

    /** Locks this guide's book and enrols another beside it. */
    fun beginAnother() {
        scope.launch {
            stopAt(Stage.Enrol)
            orProblem({ notices.say(Notice({ words -> words.problem(it) })) }) { book.beginAnother() }
        }
    }

    private suspend fun heard(change: Change) {
        if (change == Change.Book) return look()
        if (at.value == Stage.Open) sync.refresh()
    }

    /** Asks the book how it stands, and goes where that leads. */
    private suspend fun look() = orProblem(::stopAt) {
        when (book.state()) {
            BookState.Empty, BookState.Unenrolled -> noBook()
            BookState.Locked -> locked()
            BookState.Hidden -> stopAt(Stage.Hidden(book.syncState().waiting))
            BookState.Open -> if (admitted) opened() else awaitGate()
        }
    }

    private suspend fun locked() = when (at.value) {
        Stage.Opening -> if (!admitted) enter() else {}
        // It is being read.
        Stage.Entering -> {}
        else -> stopAt(Stage.Locked)
    }

    /** A book that was there and is gone was wiped; if there was none, she enrols. */
    private fun noBook() = when (at.value) {
        Stage.Opening, Stage.Enrol -> stopAt(Stage.Enrol)
        Stage.Wiped -> {}
        Stage.Entering, Stage.Locked, Stage.LockedOut, Stage.WrongKey, is Stage.Hidden, is Stage.Fault, Stage.Open -> stopAt(Stage.Wiped)
    }

    /** The book is open, but not by her: a background round may have opened it. */
    private suspend fun awaitGate() = when (at.value) {
        Stage.Opening -> enter()
        // The enrolment says itself when it is through.
        Stage.Enrol -> {}
        Stage.Entering, Stage.Locked, Stage.LockedOut, Stage.WrongKey, Stage.Wiped, is Stage.Hidden, is Stage.Fault, Stage.Open -> stopAt(Stage.Locked)
    }

    private suspend fun enter() {
        when (services.gate.pass()) {
            Passage.Refused -> return stopAt(Stage.Locked)
            Passage.LockedOut -> return stopAt(Stage.LockedOut)
            Passage.Open -> admitted = true
        }
        // What the screens held may be another guide's.
        clear()
        at.value = Stage.Entering
        try {
            book.unlock()
            if (at.value == Stage.Entering) look()
        } catch (e: BookException) {
            stopAt(e.problem)
        }
    }

    private suspend fun opened() {
        val guide = book.guide().id
        if (at.value == Stage.Open && guide == whose) return
        // Nor may it be so here, unless the screens were made for this book while it was read.
        if (at.value != Stage.Entering) clear()
        whose = guide
        forgotten = false
        at.value = Stage.Open
        sync.start()
        book.setLive(true)
    }

    private fun stopAt(problem: Problem) {
        forgotten = problem == Problem.SignedOut
        stopAt(
            when (problem) {
                Problem.WrongKey -> Stage.WrongKey
                Problem.Wiped -> Stage.Wiped
                Problem.SignedOut -> Stage.Enrol
                Problem.Locked -> Stage.Locked
                else -> Stage.Fault(problem)
            },
        )
    }

    /** A stage at which no member is shown: what the screens held goes. */
    private fun stopAt(stage: Stage) {
        at.value = stage
        if (stage !is Stage.Hidden) admitted = false
        // An enrolment under way must outlive the news of its own book.
        if (stage != Stage.Enrol || whose != null) clear()
    }

    private fun clear() {
        whose = null
        sync.stop()
        notices.quiet()
        navigator.home()
        presenters.values.forEach { it.stop() }
        presenters.clear()
    }

    private fun ended(problem: Problem) = stopAt(problem)

    private fun letGo(stack: List<Place>) {
        val gone = presenters.keys.filter { it !in stack && it != Place.Members && it != ENROL }
        gone.forEach { presenters.remove(it)?.stop() }
    }
}

/** Under this the enrolment's presenter is kept: it stands before every place. */
const val ENROL = "enrol"
