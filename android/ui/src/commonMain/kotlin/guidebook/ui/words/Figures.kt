package guidebook.ui.words

import java.util.Locale

/** Figures, alike in both languages. */
internal object Figures {
    fun grouped(whole: Long): String = String.format(Locale.ROOT, "%,d", whole)

    fun oneDecimal(value: Double): String = String.format(Locale.ROOT, "%.1f", value).removeSuffix(".0")

    fun oneOrTwoDecimals(value: Double): String = String.format(Locale.ROOT, "%.2f", value).trimEnd('0').removeSuffix(".")

    /** Fen as yuan, with the decimals only where there are some. */
    fun exact(fen: Long): String {
        val sign = if (fen < 0) "-" else ""
        val whole = Math.abs(fen)
        val rest = whole % 100
        return sign + grouped(whole / 100) + if (rest == 0L) "" else String.format(Locale.ROOT, ".%02d", rest)
    }
}
