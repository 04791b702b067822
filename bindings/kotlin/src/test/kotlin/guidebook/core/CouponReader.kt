package guidebook.core

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import java.math.BigInteger
import java.security.GeneralSecurityException
import java.security.KeyFactory
import java.security.Signature
import java.security.spec.X509EncodedKeySpec
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.util.Base64

/** Why something is no coupon: one word, the same as in Rust. */
class Refused(val why: String) : Exception(why)

/**
 * What a till sees of a coupon, read by nothing but the description of the formats in `core/domain/src/coupon` and the
 * JDK's Ed25519: it shares no line with the core that wrote it.
 */
object CouponReader {
    private const val ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    private const val BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    private const val HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"
    private val MEANT = mapOf('O' to '0', 'I' to '1', 'L' to '1')
    private val CONTEXT = "guidebook.coupon.v1\u0000".toByteArray()
    private val FIRST_DAY = LocalDate.of(2026, 1, 1)
    private val SHANGHAI = ZoneId.of("Asia/Shanghai")

    /** The powers of two in GF(32), whose polynomial is x^5 + x^2 + 1. */
    private val powers = generateSequence(1) { (it shl 1).let { twice -> if (twice and 32 != 0) twice xor 0b100101 else twice } }
        .take(31).toList()

    private fun times(symbol: Int, exponent: Int) =
        if (symbol == 0) 0 else powers[(powers.indexOf(symbol) + exponent) % 31]

    private fun sum(word: List<Int>, step: Int) =
        word.reversed().foldIndexed(0) { place, sum, symbol -> sum xor times(symbol, step * place % 31) }

    private fun fits(word: List<Int>) = sum(word, 1) == 0 && sum(word, 2) == 0

    /** The 16 symbols of a code as somebody types it. */
    fun parse(text: String): String {
        val kept = text.filterNot { it.isWhitespace() || it in HYPHENS }
            .map { if (it in 'a'..'z') it - 32 else it }
            .map { MEANT[it] ?: it }
        if (kept.size != 16 || kept.any { it !in ALPHABET }) throw Refused("Form")
        if (kept[0].isDigit()) throw Refused("Class")
        if (!fits(kept.map(ALPHABET::indexOf))) throw Refused("Check")
        return kept.joinToString("")
    }

    /** The code of a class and 65 random bits: of all check symbols the two that fit. */
    fun code(letter: Char, random: BigInteger): String {
        val symbols = (12 downTo 0).map { random.shiftRight(5 * it).and(BigInteger.valueOf(31)).toInt() }
        val word = listOf(ALPHABET.indexOf(letter)) + symbols
        val checks = (0 until 1024).map { listOf(it / 32, it % 32) }.single { fits(word + it) }
        return (word + checks).map { ALPHABET[it] }.joinToString("")
    }

    fun grouped(code: String) = code.chunked(4).joinToString("-")

    fun decode(text: String): ByteArray = text.chunked(3).flatMap { group ->
        val values = group.map { BASE45.indexOf(it) }
        val number = values.reversed().fold(0) { number, value -> number * 45 + value }
        val size = group.length - 1
        if (values.any { it < 0 } || size == 0 || number >= 1 shl 8 * size) throw Refused("Malformed")
        (size - 1 downTo 0).map { (number shr 8 * it).toByte() }
    }.toByteArray()

    fun encode(bytes: ByteArray) = bytes.toList().chunked(2).joinToString("") { pair ->
        var number = pair.fold(0) { number, byte -> number shl 8 or (byte.toInt() and 0xff) }
        (0..pair.size).map { BASE45[number % 45].also { number /= 45 } }.joinToString("")
    }

    /** What a voucher says. */
    data class Says(
        val kid: Int,
        val code: String,
        val kind: String,
        val value: Int,
        val capFen: Int,
        val leastSpendFen: Int,
        val lastDay: LocalDate,
        val store: Int,
    )

    /** What a voucher says, true or not. */
    fun read(text: String): Says {
        val bytes = signed(text)
        var left = 8 * BODY
        val body = BigInteger(1, bytes.copyOf(BODY))
        fun big(width: Int): BigInteger {
            left -= width
            return body.shiftRight(left).and(BigInteger.ONE.shiftLeft(width) - BigInteger.ONE)
        }
        fun take(width: Int) = big(width).toInt()
        take(4)
        val kid = take(4)
        val letter = take(5)
        if (letter < 10) throw Refused("Malformed")
        val code = code(ALPHABET[letter], big(65))
        val kind = take(2)
        val value = take(20)
        val (half, cap) = value shr 12 to (value and 0xfff)
        val isPercent = kind == 1
        if (kind == 3 || value == 0 || (isPercent && (half !in 1..200 || cap == 0))) throw Refused("Malformed")
        return Says(
            kid, code, listOf("amount", "percent", "gift")[kind],
            if (isPercent) half * 50 else value, if (isPercent) cap * 100 else 0,
            take(10) * 1000, FIRST_DAY.plusDays(take(12).toLong()), take(14),
        )
    }

    /** What a voucher says, if one of the keys in [trust] (a list's text) has signed it and it is good here and then. */
    fun verify(text: String, trust: String, nowMs: Long, store: Int, letter: Char? = null): Says {
        val says = read(text)
        val bytes = signed(text)
        val keys = Json.parseToJsonElement(trust).jsonObject.getValue("keys").jsonArray.map { it.jsonObject }
        val key = keys.singleOrNull {
            it.text("kid").toInt() == says.kid && nowMs in it.text("not_before_ms").toLong()..it.text("not_after_ms").toLong()
        } ?: throw Refused("UnknownKey")
        if (!holds(key.text("public"), CONTEXT + bytes.copyOf(BODY), bytes.copyOfRange(BODY, LENGTH))) throw Refused("BadSignature")
        if (letter != null && letter != says.code[0]) throw Refused("WrongClass")
        if (says.store != 0 && says.store != store) throw Refused("WrongStore")
        val today = Instant.ofEpochMilli(nowMs).atZone(SHANGHAI).toLocalDate()
        return if (today > says.lastDay) throw Refused("Expired") else says
    }

    private const val BODY = 17
    private const val LENGTH = 81

    private fun signed(text: String): ByteArray {
        val trimmed = text.trimEnd()
        val bytes = decode(if (trimmed.length == 121) " $trimmed" else trimmed)
        val version = bytes.firstOrNull()?.let { it.toInt() and 0xff shr 4 }
        if (bytes.size >= LENGTH && version!! > 1) throw Refused("FutureVersion")
        if (bytes.size != LENGTH || version != 1) throw Refused("Malformed")
        return bytes
    }

    /** What stands before the 32 bytes of an Ed25519 key in X.509 (RFC 8410). */
    private val KEY_HEAD = byteArrayOf(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00)

    private fun holds(public: String, message: ByteArray, signature: ByteArray): Boolean = try {
        val key = KeyFactory.getInstance("Ed25519").generatePublic(X509EncodedKeySpec(KEY_HEAD + Base64.getUrlDecoder().decode(public)))
        Signature.getInstance("Ed25519").run {
            initVerify(key)
            update(message)
            verify(signature)
        }
    } catch (_: GeneralSecurityException) {
        false
    }
}
