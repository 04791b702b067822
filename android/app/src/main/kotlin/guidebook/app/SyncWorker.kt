package guidebook.app

import android.content.Context
import androidx.work.CoroutineWorker
import androidx.work.WorkerParameters

/** One [BackgroundRound], as the system's scheduler calls it; never before the time that the server has named. */
class SyncWorker(context: Context, parameters: WorkerParameters) : CoroutineWorker(context, parameters) {
    private val app = context.applicationContext as PhoneApp
    private val schedule = SyncSchedule(context)

    override suspend fun doWork(): Result = when {
        tooEarly() -> Result.success()
        else -> answer(app.backgroundRound.run())
    }

    private fun answer(end: BackgroundRound.End): Result = when (end) {
        BackgroundRound.End.Done -> Result.success()
        BackgroundRound.End.TryAgain -> Result.retry()
        BackgroundRound.End.Over -> Result.success().also { schedule.stop() }
        is BackgroundRound.End.ComeBack -> Result.success().also {
            app.phone.kept.write(NOT_BEFORE, (System.currentTimeMillis() + end.after.toMillis()).toString())
            schedule.comeBack(end.after)
        }
    }

    /** A time further away than a day was written by a clock that has been set back since. */
    private fun tooEarly(): Boolean {
        val wait = (app.phone.kept.read(NOT_BEFORE)?.toLongOrNull() ?: 0) - System.currentTimeMillis()
        return wait in 1..DAY_MS
    }

    companion object {
        const val NOT_BEFORE = "sync.notBefore"
        private const val DAY_MS = 24 * 3_600_000L
    }
}
