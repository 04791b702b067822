package guidebook.app

import android.app.Application
import guidebook.ui.book.Book
import guidebook.ui.book.ListRequest

/** The process. It opens nothing by itself: the activity or the background sync does. */
class PhoneApp : Application() {
    val phone by lazy { Phone(this) }
    val backgroundRound by lazy { BackgroundRound({ phone.book() }, { phone.watched }, ::remind) }

    override fun onCreate() {
        super.onCreate()
        Reminders.makeChannel(this)
    }

    private suspend fun remind(book: Book) {
        Reminders(this).show(book.list(ListRequest(followUpDue = true, limit = 1)).total)
    }
}
