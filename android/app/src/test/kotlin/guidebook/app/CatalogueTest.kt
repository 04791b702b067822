package guidebook.app

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File
import java.util.Properties

/** What else names a version says what the catalogue says. */
class CatalogueTest {
    private val android = File(System.getProperty("guidebook.android"))
    private val text = File(android, "gradle/libs.versions.toml").readText()
    private val versions = section("versions").associate { line ->
        Regex("""(\w+) = "([^"]+)"""").find(line)!!.destructured.let { (name, value) -> name to value }
    }

    private fun section(name: String) =
        text.substringAfter("[$name]\n").substringBefore("\n[").lines().filter { it.isNotBlank() && !it.startsWith("#") }

    private fun pomVersions(file: File) =
        Regex("<([a-z0-9.]+)\\.version>([^<$]+)</").findAll(file.readText()).associate { it.groupValues[1] to it.groupValues[2] }

    @Test
    fun `the poms name the catalogue's versions`() {
        val names = mapOf(
            "compose" to "composeMultiplatform", "compose.runtime" to "compose", "material3" to "material3Multiplatform",
            "savedstate" to "savedstateDesktop",
        )
        for (pom in listOf(File(android, "pom.xml"), File(android, "../bindings/kotlin/pom.xml"))) {
            val named = pomVersions(pom).filterKeys { it != "project" }
            assertTrue(pom.path, named.size > 3)
            assertEquals(pom.path, named.mapValues { (name, _) -> versions[names[name] ?: name] }, named)
        }
    }

    @Test
    fun `the lock holds every library that it was made from, in the catalogue's version`() {
        val locked = File(android, "without-gradle/modules.lock").readLines().filter { !it.startsWith("#") }
            .map { it.substringAfter(' ').split(':') }.groupBy({ "${it[0]}:${it[1]}" }, { it[2] })
        val asked = Regex("""module = "([^"]+)", version.ref = "(\w+)"""").findAll(text)
            .map { it.groupValues[1] to versions.getValue(it.groupValues[2]) }.filter { (module, _) -> module in locked }.toList()
        assertTrue(asked.size > 30)
        for ((module, version) in asked) assertTrue("$module:$version", version in locked.getValue(module))
    }

    @Test
    fun `every name that the catalogue and the build files use is defined`() {
        val libraries = section("libraries").map { it.substringBefore(" =") }.toSet()
        val plugins = section("plugins").map { it.substringBefore(" =") }.toSet()
        val bundled = section("bundles").flatMap { line -> Regex("\"([^\"]+)\"").findAll(line).map { it.groupValues[1] } }
        assertTrue((bundled - libraries).isEmpty())
        assertTrue(Regex("version\\.ref = \"(\\w+)\"").findAll(text).all { it.groupValues[1] in versions })
        val bundles = section("bundles").map { it.substringBefore(" =") }.toSet()
        val used = android.walk().onEnter { it.name != "target" && it.name != "src" }.filter { it.name.endsWith(".gradle.kts") }
            .flatMap { file -> Regex("""libs\.([a-zA-Z0-9.]+)""").findAll(file.readText()).map { it.groupValues[1].removeSuffix(".get") } }.toSet()
        assertTrue(used.size > 20)
        for (name in used) {
            val (kind, rest) = name.substringBefore('.') to name.substringAfter('.').replace('.', '-')
            val known = when (kind) {
                "versions" -> rest in versions
                "plugins" -> rest in plugins
                "bundles" -> rest in bundles
                else -> name.replace('.', '-') in libraries
            }
            assertTrue("libs.$name", known)
        }
    }

    @Test
    fun `gradle's plugin and compile sdk are what the libraries demand`() {
        val demands = File(System.getProperty("guidebook.out"), "aar").walk().filter { it.name == "aar-metadata.properties" }
            .map { file -> file to Properties().apply { file.inputStream().use(::load) } }.toList()
        assertTrue(demands.size > 50)
        for ((file, demand) in demands) {
            assertTrue(file.path, (demand.getProperty("minCompileSdk") ?: "1").toInt() <= versions.getValue("compileSdk").toInt())
            val plugin = (demand.getProperty("minAndroidGradlePluginVersion") ?: "1.0.0").substringBefore('-')
            assertTrue(file.path, number(plugin) <= number(versions.getValue("agp")))
        }
        assertEquals(number(versions.getValue("agp")) + 23_000_000, number(versions.getValue("manifestMerger")))
    }

    private fun number(version: String) = version.split('.').let { (a, b, c) -> a.toInt() * 1_000_000 + b.toInt() * 1_000 + c.toInt() }
}
