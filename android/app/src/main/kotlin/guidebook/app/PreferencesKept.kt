package guidebook.app

import android.content.SharedPreferences
import androidx.core.content.edit
import guidebook.ui.app.Kept

/** The screens' small settings, in the app's preferences. */
class PreferencesKept(private val preferences: SharedPreferences) : Kept {
    override fun read(key: String): String? = preferences.getString(key, null)

    override fun write(key: String, value: String?) = preferences.edit { if (value == null) remove(key) else putString(key, value) }
}
