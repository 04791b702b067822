package guidebook.app

import android.content.Context
import android.content.Intent

/** Hands a text to the app that she chooses in the system's sheet. */
object ShareSheet {
    fun open(context: Context, text: String) {
        val send = Intent(Intent.ACTION_SEND).setType("text/plain").putExtra(Intent.EXTRA_TEXT, text)
        context.startActivity(Intent.createChooser(send, context.getString(R.string.share_title)))
    }
}
