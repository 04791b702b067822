package guidebook.app

import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.content.pm.ApplicationInfo
import android.content.pm.PackageManager
import android.content.res.Configuration
import android.net.Uri
import androidx.test.core.app.ApplicationProvider
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.w3c.dom.Element
import java.io.File
import java.util.Locale
import javax.xml.parsers.DocumentBuilderFactory

/** What the merged manifest, libraries included, lets others do with the app. */
@RunWith(RobolectricTestRunner::class)
class ManifestTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val everything = PackageManager.GET_PERMISSIONS or PackageManager.GET_ACTIVITIES or PackageManager.GET_SERVICES or
        PackageManager.GET_RECEIVERS or PackageManager.GET_PROVIDERS
    private val installed = context.packageManager.getPackageInfo(context.packageName, everything)

    // Without the libraries of the tests.
    private val merged = xml(File(System.getProperty("guidebook.out"), "AndroidManifest-app.xml"))

    private fun xml(file: File): Element = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file).documentElement

    private fun Element.all(tag: String) = getElementsByTagName(tag).let { list -> (0 until list.length).map { list.item(it) as Element } }

    @Test
    fun `nothing is backed up by any android`() {
        assertEquals(0, context.applicationInfo.flags and ApplicationInfo.FLAG_ALLOW_BACKUP)
        val application = merged.all("application").single()
        assertEquals("false", application.getAttribute("android:allowBackup"))
        assertEquals("@xml/data_extraction_rules", application.getAttribute("android:dataExtractionRules"))
        assertEquals("@xml/full_backup_content", application.getAttribute("android:fullBackupContent"))
    }

    @Test
    fun `the extraction rules leave out every domain, for the cloud and for the next phone`() {
        val resources = File(System.getProperty("guidebook.android"), "app/src/main/res/xml")
        val plain = setOf("root", "file", "database", "sharedpref", "external")
        val device = setOf("device_root", "device_file", "device_database", "device_sharedpref")
        val rules = xml(File(resources, "data_extraction_rules.xml"))
        for (way in listOf("cloud-backup", "device-transfer")) {
            val excluded = rules.all(way).single().all("exclude").map { it.getAttribute("domain") }.toSet()
            assertEquals(way, plain + device, excluded)
        }
        assertEquals(plain, xml(File(resources, "full_backup_content.xml")).all("exclude").map { it.getAttribute("domain") }.toSet())
        assertTrue(rules.all("include").isEmpty())
    }

    @Test
    fun `device management is offered what the policy reads, with its strict defaults`() {
        val offered = merged.all("application").single().all("meta-data").single { it.getAttribute("android:name") == "android.content.APP_RESTRICTIONS" }
        assertEquals("@xml/app_restrictions", offered.getAttribute("android:resource"))
        val keys = xml(File(System.getProperty("guidebook.android"), "app/src/main/res/xml/app_restrictions.xml")).all("restriction")
        val defaults = keys.associate { it.getAttribute("android:key") to it.getAttribute("android:defaultValue") }
        val strict = Policy()
        assertEquals(
            mapOf(Policy.PERSON to "${strict.person}", Policy.LOCK_AFTER to "${strict.lockAfter.toMinutes()}", Policy.SECURE to "${strict.secureScreens}"),
            defaults,
        )
    }

    @Test
    fun `nothing is sent in the clear`() {
        val rules = xml(File(System.getProperty("guidebook.android"), "app/src/main/res/xml/network_security_config.xml"))
        assertEquals(listOf("false"), listOf("base-config", "domain-config").flatMap { rules.all(it) }.map { it.getAttribute("cleartextTrafficPermitted") })
        assertEquals("false", merged.all("application").single().getAttribute("android:usesCleartextTraffic"))
    }

    @Test
    fun `the app asks for these permissions and no others`() {
        val wanted = setOf("INTERNET", "ACCESS_NETWORK_STATE", "CAMERA", "POST_NOTIFICATIONS", "USE_BIOMETRIC", "VIBRATE")
        // WorkManager's: to wake, and to go on after a restart. USE_FINGERPRINT is biometric's for Android 8.
        val libraries = setOf("WAKE_LOCK", "RECEIVE_BOOT_COMPLETED", "FOREGROUND_SERVICE", "USE_FINGERPRINT")
        val asked = merged.all("uses-permission").map { it.getAttribute("android:name") }.filter { it.startsWith("android.permission.") }
        assertEquals(wanted + libraries, asked.map { it.removePrefix("android.permission.") }.toSet())
    }

    @Test
    fun `other apps can start the one activity, and nothing else without the system's permission`() {
        val open = listOf("activity", "service", "receiver", "provider").flatMap { merged.all(it) }
            .filter { it.getAttribute("android:exported") == "true" && it.getAttribute("android:permission").isEmpty() }
        assertEquals(listOf("guidebook.app.MainActivity"), open.map { it.getAttribute("android:name") })
    }

    @Test
    fun `no google service is part of the app`() {
        val names = listOf("activity", "service", "receiver", "provider", "meta-data").flatMap { merged.all(it) }.map { it.getAttribute("android:name") }
        assertTrue(names.none { it.startsWith("com.google.android.gms") || it.startsWith("com.google.firebase") })
    }

    @Test
    fun `hq's links find the activity`() {
        for (link in listOf("guidebook://enrol?code=1", "https://guidebook.example/enrol?code=1")) {
            val view = Intent(Intent.ACTION_VIEW, Uri.parse(link)).addCategory(Intent.CATEGORY_BROWSABLE)
            val found = context.packageManager.queryIntentActivities(view, PackageManager.MATCH_DEFAULT_ONLY)
            assertEquals(link, listOf(MainActivity::class.java.name), found.map { it.activityInfo.name })
        }
    }

    @Test
    fun `every part that the manifest names is there`() {
        val parts = installed.activities.orEmpty().toList() + installed.services.orEmpty() + installed.receivers.orEmpty() + installed.providers.orEmpty()
        parts.forEach { Class.forName(it.name) }
        assertTrue(ComponentName(context, MainActivity::class.java).className in parts.map { it.name })
    }

    private fun nameIn(language: Locale) =
        context.createConfigurationContext(Configuration().apply { setLocale(language) }).getString(R.string.app_name)

    @Test
    fun `chinese is the app's first language and english its second`() {
        assertEquals("客户本", nameIn(Locale.CHINA))
        assertEquals("客户本", nameIn(Locale.FRENCH))
        assertEquals("Guidebook", nameIn(Locale.UK))
    }
}
