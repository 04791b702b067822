package guidebook.app

import android.content.Intent
import android.net.Uri

/** What a link from outside may ask for: only to fill in HQ's code. Nothing happens until the guide taps. */
object DeepLink {
    /** `guidebook://enrol?server=…&code=…`, from that form or from `https://<host>/enrol?…`. Null for anything else. */
    fun enrolment(intent: Intent?, host: String): String? {
        val link = intent?.takeIf { it.action == Intent.ACTION_VIEW }?.data?.takeIf { it.isHierarchical } ?: return null
        val ours = link.scheme == "guidebook" && link.host == "enrol"
        val appLink = link.scheme == "https" && link.host == host && link.path == "/enrol"
        if (!ours && !appLink) return null
        val server = link.getQueryParameter("server").orEmpty()
        val code = link.getQueryParameter("code").orEmpty()
        if (!server.startsWith("https://") || code.isBlank() || code.length > LONGEST_CODE) return null
        return Uri.Builder().scheme("guidebook").authority("enrol")
            .appendQueryParameter("server", server).appendQueryParameter("code", code).build().toString()
    }

    private const val LONGEST_CODE = 200
}
