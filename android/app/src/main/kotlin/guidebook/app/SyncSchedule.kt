package guidebook.app

import android.content.Context
import androidx.work.BackoffPolicy
import androidx.work.Constraints
import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.ExistingWorkPolicy
import androidx.work.NetworkType
import androidx.work.OneTimeWorkRequestBuilder
import androidx.work.PeriodicWorkRequestBuilder
import androidx.work.WorkManager
import java.time.Duration

/** When the book syncs without being looked at. While it is looked at, the screens' own watch does it. */
class SyncSchedule(context: Context) {
    private val work = WorkManager.getInstance(context)
    private val network = Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).build()

    /** Every 15 minutes, which is as often as the system allows; phones in deep sleep stretch it. */
    fun everyQuarter() {
        val request = PeriodicWorkRequestBuilder<SyncWorker>(QUARTER).setConstraints(network)
            .setBackoffCriteria(BackoffPolicy.EXPONENTIAL, FIRST_RETRY).build()
        work.enqueueUniquePeriodicWork(EVERY_QUARTER, ExistingPeriodicWorkPolicy.KEEP, request)
    }

    /** Once, as soon as there is a network. */
    fun whenNetworkIsBack() {
        work.enqueueUniqueWork(ONCE, ExistingWorkPolicy.KEEP, once(Duration.ZERO))
    }

    /** Once, after the time that the server named. */
    fun comeBack(after: Duration) {
        // Appended: the round that asks for it is itself still running under this name.
        work.enqueueUniqueWork(ONCE, ExistingWorkPolicy.APPEND_OR_REPLACE, once(after))
    }

    private fun once(after: Duration) = OneTimeWorkRequestBuilder<SyncWorker>().setConstraints(network).setInitialDelay(after)
        .setBackoffCriteria(BackoffPolicy.EXPONENTIAL, FIRST_RETRY).build()

    /** After a wipe there is nothing to sync until the next enrolment. */
    fun stop() {
        work.cancelUniqueWork(EVERY_QUARTER)
        work.cancelUniqueWork(ONCE)
    }

    companion object {
        const val EVERY_QUARTER = "sync.every-quarter"
        const val ONCE = "sync.once"
        val QUARTER: Duration = Duration.ofMinutes(15)
        private val FIRST_RETRY: Duration = Duration.ofSeconds(30)
    }
}
