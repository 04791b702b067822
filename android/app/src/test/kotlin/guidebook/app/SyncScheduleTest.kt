package guidebook.app

import android.app.Application
import android.content.Context
import android.util.Log
import androidx.test.core.app.ApplicationProvider
import androidx.work.Configuration
import androidx.work.ListenableWorker.Result
import androidx.work.NetworkType
import androidx.work.WorkInfo
import androidx.work.WorkManager
import androidx.work.testing.SynchronousExecutor
import androidx.work.testing.TestListenableWorkerBuilder
import androidx.work.testing.WorkManagerTestInitHelper
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import java.time.Duration

@RunWith(RobolectricTestRunner::class)
class SyncScheduleTest {
    @get:Rule
    val keystore = FakeKeystore()

    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val schedule by lazy { SyncSchedule(context) }

    @Before
    fun start() {
        val quiet = Configuration.Builder().setMinimumLoggingLevel(Log.ASSERT).setExecutor(SynchronousExecutor()).build()
        WorkManagerTestInitHelper.initializeTestWorkManager(context, quiet)
    }

    private fun work(name: String): List<WorkInfo> = WorkManager.getInstance(context).getWorkInfosForUniqueWork(name).get()

    @Test
    fun `the book syncs every quarter of an hour, on any network`() {
        schedule.everyQuarter()
        schedule.everyQuarter()
        val only = work(SyncSchedule.EVERY_QUARTER).single()
        assertEquals(WorkInfo.State.ENQUEUED, only.state)
        assertEquals(Duration.ofMinutes(15).toMillis(), only.periodicityInfo!!.repeatIntervalMillis)
        assertEquals(NetworkType.CONNECTED, only.constraints.requiredNetworkType)
    }

    @Test
    fun `what waits is sent as soon as there is a network`() {
        schedule.whenNetworkIsBack()
        schedule.whenNetworkIsBack()
        val only = work(SyncSchedule.ONCE).single()
        assertEquals(WorkInfo.State.ENQUEUED, only.state)
        assertEquals(NetworkType.CONNECTED, only.constraints.requiredNetworkType)
        assertEquals(0, only.initialDelayMillis)
    }

    @Test
    fun `the server's time is kept to, behind a round that still waits`() {
        schedule.whenNetworkIsBack()
        schedule.comeBack(Duration.ofSeconds(90))
        val delays = work(SyncSchedule.ONCE).map { it.initialDelayMillis }.sorted()
        assertEquals(listOf(0L, 90_000L), delays)
    }

    @Test
    fun `after a wipe nothing is left`() {
        schedule.everyQuarter()
        schedule.whenNetworkIsBack()
        schedule.stop()
        assertTrue((work(SyncSchedule.EVERY_QUARTER) + work(SyncSchedule.ONCE)).all { it.state == WorkInfo.State.CANCELLED })
    }

    @Test
    fun `a worker that finds no book ends the schedule`() {
        assertEquals("guidebook.app.PhoneApp", context.applicationContext.javaClass.name)
        schedule.everyQuarter()
        val result = runBlocking { TestListenableWorkerBuilder<SyncWorker>(context as Application).build().doWork() }
        assertEquals(Result.success(), result)
        assertEquals(WorkInfo.State.CANCELLED, work(SyncSchedule.EVERY_QUARTER).single().state)
    }

    @Test
    fun `before the server's time the worker leaves the book alone`() {
        schedule.everyQuarter()
        val kept = (context.applicationContext as PhoneApp).phone.kept
        kept.write(SyncWorker.NOT_BEFORE, (System.currentTimeMillis() + 60_000).toString())
        assertEquals(Result.success(), runBlocking { TestListenableWorkerBuilder<SyncWorker>(context).build().doWork() })
        assertEquals(WorkInfo.State.ENQUEUED, work(SyncSchedule.EVERY_QUARTER).single().state)
    }
}
