package guidebook.app

import android.content.Intent
import android.os.Bundle
import android.view.WindowManager
import androidx.activity.compose.BackHandler
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.fragment.app.FragmentActivity
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.lifecycleScope
import androidx.lifecycle.repeatOnLifecycle
import guidebook.ui.app.AppModel
import guidebook.ui.app.ENROL
import guidebook.ui.app.GuidebookApp
import guidebook.ui.app.Stage
import guidebook.ui.door.EnrolPresenter
import kotlinx.coroutines.launch

/** The one window. Everything that she sees is `ui`'s; what the system sends is handed on to it. */
class MainActivity : FragmentActivity() {
    private val app get() = application as PhoneApp
    private val phone get() = app.phone
    private val schedule by lazy { SyncSchedule(this) }
    private lateinit var ask: NotificationAsk
    private var model by mutableStateOf<AppModel?>(null)

    lateinit var scanner: CodeScanner
        private set

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        phone.activity = this
        secure(phone.policy.secureScreens)
        scanner = CodeScanner(this, phone.waitingForCode)
        ask = NotificationAsk(this, phone.kept, Reminders(this))
        setContent { model?.let { Content(it) } }
        val places = savedInstanceState?.getStringArrayList(PLACES).orEmpty()
        val fresh = intent.takeIf { savedInstanceState == null }
        lifecycleScope.launch { begin(places, fresh) }
    }

    private suspend fun begin(places: List<String>, fresh: Intent?) {
        val ready = phone.model(places)
        model = ready
        follow(fresh)
        lifecycleScope.launch { ask.watch(ready.navigator.stack) }
        repeatOnLifecycle(Lifecycle.State.STARTED) {
            networkBack(this@MainActivity).collect { if (ready.stage.value == Stage.Open) ready.sync.now() }
        }
    }

    @Composable
    private fun Content(model: AppModel) {
        val stack by model.navigator.stack.collectAsState()
        val stage by model.stage.collectAsState()
        BackHandler(stack.size > 1) { model.navigator.back() }
        val link by phone.link.collectAsState()
        LaunchedEffect(stage, link) { if (stage == Stage.Enrol) link?.let { fill(model, it) } }
        LaunchedEffect(stage) {
            when (stage) {
                Stage.Open -> schedule.everyQuarter()
                Stage.Wiped -> schedule.stop()
                else -> {}
            }
        }
        GuidebookApp(model)
    }

    private fun fill(model: AppModel, link: String) {
        model.presenter(ENROL) { EnrolPresenter(model.book, model.services.deviceName, model::entered, it) }.scanned(link)
        phone.link.value = null
    }

    override fun onStart() {
        super.onStart()
        phone.arrived()
        lifecycleScope.launch { app.backgroundRound.giveWay() }
    }

    override fun onStop() {
        super.onStop()
        if (isChangingConfigurations) return
        phone.left()
        if ((model?.sync?.status?.value?.state?.waiting ?: 0) > 0) schedule.whenNetworkIsBack()
    }

    override fun onDestroy() {
        super.onDestroy()
        if (phone.activity === this) phone.activity = null
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        follow(intent)
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        outState.putStringArrayList(PLACES, ArrayList(model?.navigator?.saved().orEmpty()))
    }

    private fun follow(intent: Intent?) {
        DeepLink.enrolment(intent, getString(R.string.app_link_host))?.let { phone.link.value = it }
    }

    /** Out of screenshots and of the list of recent apps. */
    fun secure(on: Boolean) {
        if (on) window.addFlags(WindowManager.LayoutParams.FLAG_SECURE) else window.clearFlags(WindowManager.LayoutParams.FLAG_SECURE)
    }

    /** As bright as the screen can be; false leaves it to the system again. */
    fun bright(on: Boolean) {
        window.attributes = window.attributes.apply {
            screenBrightness = if (on) WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_FULL else WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_NONE
        }
    }

    private companion object {
        const val PLACES = "places"
    }
}
