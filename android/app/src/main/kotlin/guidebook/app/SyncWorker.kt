package guidebook.app

import android.content.Context
import androidx.work.CoroutineWorker
import androidx.work.WorkerParameters

/** One [BackgroundRound], as the system's scheduler calls it. */
class SyncWorker(context: Context, parameters: WorkerParameters) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result {
        val schedule = SyncSchedule(applicationContext)
        return when (val end = (applicationContext as PhoneApp).backgroundRound.run()) {
            BackgroundRound.End.Done -> Result.success()
            is BackgroundRound.End.ComeBack -> Result.success().also { schedule.comeBack(end.after) }
            BackgroundRound.End.TryAgain -> Result.retry()
            BackgroundRound.End.Over -> Result.success().also { schedule.stop() }
        }
    }
}
