package guidebook.ui.walk

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers
import java.util.concurrent.atomic.AtomicInteger

/** What `bindings/with-server.sh` says of the server beside which the walk is run. */
object Contract {
    private val json = Json.parseToJsonElement(
        checkNotNull(System.getenv("GUIDEBOOK_CONTRACT")) { "run this by ./dev test ui" },
    ).jsonObject
    private val codes = json.getValue("codes").jsonArray.map { it.jsonPrimitive.content }
    private val used = AtomicInteger()

    val server = json.getValue("server").jsonPrimitive.content
    val key = json.getValue("hq_key").jsonPrimitive.content
    val member = json.getValue("member").jsonObject.getValue("id").jsonPrimitive.content
    val tag = json.getValue("tag").jsonPrimitive.content
    val members = json.getValue("members").jsonPrimitive.int

    /** The program `guidebook-till`, where it was built beside the server. */
    val till get() = json.getValue("till").jsonPrimitive.content

    fun freshCode() = codes[used.getAndIncrement()]

    fun codeFor(guide: String): String =
        Json.parseToJsonElement(hq("POST", "/hq/v1/enrolments", """{"guide":"$guide"}""")).jsonObject.getValue("code").jsonPrimitive.content

    fun hq(method: String, path: String, body: String): String {
        val request = HttpRequest.newBuilder(URI(server + path)).method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Authorization", "Bearer $key").header("Content-Type", "application/json").build()
        val answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString())
        check(answer.statusCode() in 200..299) { "$method $path: ${answer.statusCode()} ${answer.body()}" }
        return answer.body()
    }
}
