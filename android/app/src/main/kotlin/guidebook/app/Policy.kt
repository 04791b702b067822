package guidebook.app

import android.content.Context
import android.content.RestrictionsManager
import android.os.Bundle
import java.time.Duration

/**
 * What HQ wants of every phone. It is set by the retailer's device management, as the managed configuration that
 * `res/xml/app_restrictions.xml` describes; on a phone that nobody manages, and for whatever is not set, the strict defaults hold.
 */
data class Policy(val person: Boolean = true, val lockAfter: Duration = Duration.ofMinutes(5), val secureScreens: Boolean = true) {
    companion object {
        fun of(context: Context) = read(context.getSystemService(RestrictionsManager::class.java)?.applicationRestrictions ?: Bundle.EMPTY)

        fun read(set: Bundle) = Policy(
            person = set.getBoolean(PERSON, true),
            lockAfter = Duration.ofMinutes(set.getInt(LOCK_AFTER, 5).coerceAtLeast(0).toLong()),
            secureScreens = set.getBoolean(SECURE, true),
        )

        const val PERSON = "unlock_needs_person"

        /** How long she may be away before she is asked again, in minutes. */
        const val LOCK_AFTER = "lock_after_minutes"
        const val SECURE = "screens_are_secure"
    }
}
