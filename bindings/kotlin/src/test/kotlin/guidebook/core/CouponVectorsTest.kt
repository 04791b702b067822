package guidebook.core

import com.google.zxing.common.BitMatrix
import com.google.zxing.qrcode.decoder.Decoder
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Test
import java.io.File

/** The golden vectors of coupons, to which all languages are held, read by [CouponReader]. */
class CouponVectorsTest {
    private val golden = Json.parseToJsonElement(File("../../core/domain/golden/coupons.json").readText()).jsonObject
    private val trust = golden.getValue("trust").jsonObject.getValue("list").jsonObject.text("text")

    private fun cases(name: String) = golden.getValue(name).jsonArray.map { it.jsonObject }.also { check(it.isNotEmpty()) }

    private fun why(call: () -> Unit) = assertThrows(Refused::class.java) { call() }.why

    @Test
    fun base45ReadsBothWays() {
        for (case in cases("base45")) {
            val hex = CouponReader.decode(case.text("text")).joinToString("") { "%02x".format(it) }
            assertEquals(case.text("hex"), hex)
            assertEquals(case.text("text"), CouponReader.encode(CouponReader.decode(case.text("text"))))
        }
        for (text in golden.getValue("no_base45").jsonArray.map { it.jsonPrimitive.content }) {
            assertEquals(text, "Malformed", why { CouponReader.decode(text) })
        }
    }

    @Test
    fun codesAreMadeAndReadAlike() {
        for (case in cases("codes")) {
            assertEquals(case.text("code"), CouponReader.code(case.text("class").single(), case.text("random").toBigInteger()))
            assertEquals(case.text("grouped"), CouponReader.grouped(case.text("code")))
        }
        for (case in cases("parses")) {
            if (case.getValue("error") is JsonNull) {
                assertEquals(case.text("code"), CouponReader.parse(case.text("text")))
            } else {
                assertEquals(case.text("error"), why { CouponReader.parse(case.text("text")) })
            }
        }
    }

    @Test
    fun vouchersSayTheSame() {
        for (case in cases("vouchers")) {
            val says = CouponReader.read(case.text("text"))
            val read = listOf(
                says.kid, says.code, says.kind, says.value, says.capFen, says.leastSpendFen, says.lastDay, says.store,
            ).map { it.toString() }
            val names = listOf("kid", "code", "kind", "value", "cap_fen", "least_spend_fen", "last_day", "store")
            assertEquals(names.map(case::text), read)
        }
    }

    @Test
    fun verdictsAreTheSame() {
        for (case in cases("verdicts")) {
            val letter = case.getValue("class").takeIf { it !is JsonNull }?.jsonPrimitive?.content?.single()
            val verify = { CouponReader.verify(case.text("text"), trust, case.text("now_ms").toLong(), case.text("store").toInt(), letter) }
            val verdict = case.text("verdict")
            if (verdict.startsWith("good ")) {
                assertEquals(verdict, "good " + verify().code)
            } else {
                assertEquals(verdict, why { verify() })
            }
        }
    }

    @Test
    fun everySingleBitFlipIsRefused() {
        val case = cases("verdicts").first()
        val good = CouponReader.decode(case.text("text"))
        for (bit in 0 until 8 * good.size) {
            val flipped = good.copyOf().also { it[bit / 8] = (it[bit / 8].toInt() xor (0x80 shr bit % 8)).toByte() }
            why { CouponReader.verify(CouponReader.encode(flipped), trust, case.text("now_ms").toLong(), case.text("store").toInt()) }
        }
    }

    @Test
    fun theDrawnCodeReadsAsItsVoucher() {
        val rows = golden.getValue("qr").jsonObject.getValue("rows").jsonArray.map { it.jsonPrimitive.content }
        val modules = BitMatrix(rows.size).apply {
            rows.forEachIndexed { y, row -> row.forEachIndexed { x, module -> if (module == '#') set(x, y) } }
        }
        assertEquals(golden.getValue("qr").jsonObject.text("text"), Decoder().decode(modules).text)
    }
}
