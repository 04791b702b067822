package guidebook.app

import android.Manifest
import android.annotation.SuppressLint
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.os.Build
import androidx.core.app.NotificationCompat
import androidx.core.app.NotificationManagerCompat
import androidx.core.content.ContextCompat

/** One notification: how many follow-ups are due today. Never a name, for it lies on a locked screen. */
class Reminders(private val context: Context) {
    val allowed: Boolean
        get() = (Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU || granted()) &&
            NotificationManagerCompat.from(context).areNotificationsEnabled()

    private fun granted() =
        ContextCompat.checkSelfPermission(context, Manifest.permission.POST_NOTIFICATIONS) == PackageManager.PERMISSION_GRANTED

    /** Shows [due], quietly where it is shown already; takes it away at 0. Does nothing where she does not want it. */
    @SuppressLint("MissingPermission")
    fun show(due: Int) {
        val manager = NotificationManagerCompat.from(context)
        if (due == 0) return manager.cancel(ID)
        if (!allowed) return
        val open = Intent(context, MainActivity::class.java)
        val words = context.resources.getQuantityString(R.plurals.follow_ups_due, due, due)
        val notification = NotificationCompat.Builder(context, CHANNEL).setSmallIcon(R.drawable.ic_reminder)
            .setContentTitle(words).setColor(context.getColor(R.color.jade)).setOnlyAlertOnce(true).setAutoCancel(true)
            .setContentIntent(PendingIntent.getActivity(context, 0, open, PendingIntent.FLAG_IMMUTABLE)).build()
        manager.notify(ID, notification)
    }

    companion object {
        const val CHANNEL = "follow-ups"
        const val ID = 1

        fun makeChannel(context: Context) {
            val name = context.getString(R.string.channel_follow_ups)
            val channel = NotificationChannel(CHANNEL, name, NotificationManager.IMPORTANCE_DEFAULT)
            channel.description = context.getString(R.string.channel_follow_ups_about)
            NotificationManagerCompat.from(context).createNotificationChannel(channel)
        }
    }
}
