package guidebook.ui.walk

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.File
import java.util.concurrent.TimeUnit

/** A lane of 红荔路店: the real `guidebook-till`, a process for each of its commands. */
internal class Lane(private val folder: File) {
    init {
        val made = Json.parseToJsonElement(Contract.hq("POST", "/hq/v1/terminals", """{"store":"S02","name":"walk"}""")).jsonObject
        val of = { name: String -> made.getValue(name).jsonPrimitive.content }
        till("init", "--root", of("root"), "--store", of("store_number"), "--lane", of("name"), "--server", Contract.server, "--key", of("secret"))
        till("trust")
    }

    /** What it says of a code, for a basket of ¥600. */
    fun redeems(code: String, order: String) = till("online", code, "--spend", "60000", "--order", order)

    private fun till(vararg words: String): String {
        val process = ProcessBuilder(Contract.till, "--dir", folder.path, *words).redirectErrorStream(true).start()
        val said = process.inputStream.bufferedReader().readText().trim()
        check(process.waitFor(30, TimeUnit.SECONDS)) { "guidebook-till ${words.first()} goes on" }
        return said
    }
}
