package guidebook.ui.walk

import guidebook.core.KeyVault
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

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

/** A key store that outlives the book, as the Keystore outlives the app's process. */
class Vault : KeyVault {
    private val keys = ConcurrentHashMap<String, ByteArray>()

    override fun load(book: String): ByteArray? = keys[book]

    override fun save(book: String, key: ByteArray) {
        keys[book] = key
    }

    override fun erase(book: String) {
        keys.remove(book)
    }
}

/** The way to the server, which can be cut. */
class Wire(target: URI) : AutoCloseable {
    private val door = ServerSocket(0, 50, InetAddress.getLoopbackAddress())
    private val open = CopyOnWriteArrayList<Socket>()

    @Volatile
    private var cut = false
    val address = "http://127.0.0.1:${door.localPort}"

    init {
        thread(isDaemon = true) {
            while (!door.isClosed) {
                val near = try {
                    door.accept()
                } catch (_: java.io.IOException) {
                    break
                }
                if (cut) {
                    near.close()
                } else {
                    val far = Socket(target.host, target.port)
                    open += listOf(near, far)
                    carry(near, far)
                    carry(far, near)
                }
            }
        }
    }

    private fun carry(from: Socket, to: Socket) = thread(isDaemon = true) {
        try {
            from.getInputStream().transferTo(to.getOutputStream())
        } catch (_: java.io.IOException) {
            // Cut.
        } finally {
            from.close()
            to.close()
        }
    }

    fun cut() {
        cut = true
        open.forEach { it.close() }
    }

    fun mend() {
        cut = false
    }

    override fun close() {
        cut()
        door.close()
    }
}
