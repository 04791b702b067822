package guidebook.app

import guidebook.ui.app.Kept
import java.time.Duration

/**
 * What HQ wants of every phone. The core carries no policy of HQ's so far, so these are the strict defaults; a retailer's
 * device management can loosen them through the preferences that [read] looks at.
 */
data class Policy(val person: Boolean = true, val lockAfter: Duration = Duration.ofMinutes(5), val secureScreens: Boolean = true) {
    companion object {
        fun read(kept: Kept) = Policy(
            person = kept.read(PERSON) != "off",
            lockAfter = kept.read(LOCK_AFTER)?.toLongOrNull()?.let(Duration::ofMinutes) ?: Policy().lockAfter,
            secureScreens = kept.read(SECURE) != "off",
        )

        const val PERSON = "policy.person"
        const val LOCK_AFTER = "policy.lockAfterMinutes"
        const val SECURE = "policy.secureScreens"
    }
}
