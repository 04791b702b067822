package guidebook.core

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers
import java.util.concurrent.atomic.AtomicInteger

/** What `with-server.sh` says of the server and of the sample store in it. */
object Contract {
    private val json = Json.parseToJsonElement(
        checkNotNull(System.getenv("GUIDEBOOK_CONTRACT")) { "run this by bindings/kotlin/test.sh" },
    ).jsonObject
    private val codes = json.getValue("codes").jsonArray.map { it.jsonPrimitive.content }
    private val used = AtomicInteger()

    val server = json.text("server")
    val hqKey = json.text("hq_key")
    val guide = json.text("guide")
    val members = json.getValue("members").jsonPrimitive.int
    val member = json.getValue("member").jsonObject.text("id")
    val memberName = json.getValue("member").jsonObject.text("name")
    val memberPhone = json.getValue("member").jsonObject.text("phone")
    val tag = json.text("tag")
    val hqOnlyTag = json.text("hq_only_tag")

    /** An enrolment code that no phone has used. */
    fun freshCode() = codes[used.getAndIncrement()]
}

/** Headquarters, by its HTTP interface. */
object Headquarters {
    private val client = HttpClient.newHttpClient()

    fun renameTag(tag: String, name: String) {
        send("PATCH", "/hq/v1/tags/$tag", """{"name":"$name"}""")
    }

    fun revoke(device: String) {
        send("POST", "/hq/v1/devices/$device/revoke", "{}")
    }

    /** The ids of the members whom [guide] serves. */
    fun membersOf(guide: String): Set<String> =
        members().filter { line -> line.getValue("guides").jsonArray.any { it.jsonPrimitive.content == guide } }
            .map { it.text("member") }.toSet()

    /** The ids of the notes that HQ holds on [member]. */
    fun notesOf(member: String): List<String> =
        members().single { it.text("member") == member }.getValue("notes").jsonArray.map { it.jsonObject.text("id") }

    /** The reasons for which the number of [member] was shown on [device], by HQ's change feed. */
    fun revealsOf(member: String, device: String): List<String> {
        val hers = changes().filter { it.text("kind") == "reveal" && it.text("member") == member && it.text("device") == device }
        return hers.map { it.getValue("detail").jsonObject.getValue("edit").jsonObject.getValue("reveal").jsonObject.text("reason") }
    }

    /** A campaign of thirty coupons of ¥50, at most [perMember] to each. */
    fun makeCampaign(id: String, perMember: Int) {
        val face = """"face":{"amount":{"fen":5000}},"validity":{"from_issue":{"days":30}},"budget":{"codes":30}"""
        send("POST", "/hq/v1/campaigns", """{"id":"$id","name":"双11满减",$face,"per_member":$perMember}""")
    }

    /** How many codes of [campaign] are in each state. */
    fun codesOf(campaign: String): JsonObject =
        Json.parseToJsonElement(send("GET", "/hq/v1/campaigns/$campaign")).jsonObject.getValue("codes").jsonObject

    /** The list of keys that a till trusts, as text. */
    fun trust(): String {
        val till = Json.parseToJsonElement(send("POST", "/hq/v1/terminals", """{"store":"S02","name":"Kotlin"}""")).jsonObject
        val answer = Json.parseToJsonElement(send("GET", "/pos/v1/trust", key = till.text("secret"))).jsonObject
        return answer.getValue("trust").jsonObject.text("text")
    }

    private fun changes(): List<JsonObject> {
        val pages = generateSequence(changesAfter("0")) { page ->
            if (page.text("more") == "true") changesAfter(page.text("after")) else null
        }
        return pages.flatMap { it.getValue("changes").jsonArray }.map { it.jsonObject }.toList()
    }

    private fun changesAfter(cursor: String) =
        Json.parseToJsonElement(send("GET", "/hq/v1/changes?after=$cursor&limit=1000")).jsonObject

    private fun members(): Sequence<JsonObject> =
        send("GET", "/hq/v1/members").lineSequence().filter { it.isNotBlank() }.map { Json.parseToJsonElement(it).jsonObject }

    private fun send(method: String, path: String, body: String? = null, key: String = Contract.hqKey): String {
        val publisher = body?.let { HttpRequest.BodyPublishers.ofString(it) } ?: HttpRequest.BodyPublishers.noBody()
        val request = HttpRequest.newBuilder(URI(Contract.server + path)).method(method, publisher)
            .header("Authorization", "Bearer $key")
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, application/x-ndjson")
        val answer = client.send(request.build(), BodyHandlers.ofString())
        check(answer.statusCode() in 200..299) { "$method $path: ${answer.statusCode()} ${answer.body()}" }
        return answer.body()
    }
}

/** A word or number of a record, as text. */
fun JsonObject.text(name: String) = getValue(name).jsonPrimitive.content
