package guidebook.ui.theme

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Shapes
import androidx.compose.material3.Typography
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.remember
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.text.TextMeasurer
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.intl.LocaleList
import androidx.compose.ui.text.rememberTextMeasurer
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import guidebook.ui.words.LocalWords
import guidebook.ui.words.Words

private val shapes = Shapes(
    extraSmall = RoundedCornerShape(6.dp),
    small = RoundedCornerShape(10.dp),
    medium = RoundedCornerShape(14.dp),
    large = RoundedCornerShape(16.dp),
    extraLarge = RoundedCornerShape(24.dp),
)

/** A scale for Chinese: no letter spacing, lines at 1.4, digits of one width so that columns of figures stand still. */
private fun typography(family: FontFamily, locale: String): Typography {
    val base = TextStyle(fontFamily = family, fontFeatureSettings = "tnum", localeList = LocaleList(locale), letterSpacing = 0.sp)

    fun style(size: Int, line: Int, weight: FontWeight = FontWeight.Normal) =
        base.copy(fontSize = size.sp, lineHeight = line.sp, fontWeight = weight)
    return Typography(
        displaySmall = style(32, 42, FontWeight.Bold),
        headlineMedium = style(26, 36, FontWeight.Bold),
        headlineSmall = style(22, 30, FontWeight.Bold),
        titleLarge = style(19, 26, FontWeight.Bold),
        titleMedium = style(17, 24, FontWeight.Bold),
        titleSmall = style(14, 20, FontWeight.Bold),
        bodyLarge = style(16, 24),
        bodyMedium = style(14, 20),
        bodySmall = style(13, 18),
        labelLarge = style(15, 20, FontWeight.Medium),
        labelMedium = style(13, 18, FontWeight.Medium),
        labelSmall = style(12, 16, FontWeight.Medium),
    )
}

/**
 * The product's look, in [words]' language. [textScale] is the guide's own, on top of the system's; [family] is the shell's
 * where the system's default would draw Chinese in another country's forms.
 */
@Composable
fun GuidebookTheme(
    words: Words,
    dark: Boolean = isSystemInDarkTheme(),
    textScale: Float = 1f,
    family: FontFamily = FontFamily.Default,
    content: @Composable () -> Unit,
) {
    val density = LocalDensity.current
    val scaled = remember(density, textScale) { Density(density.density, density.fontScale * textScale) }
    val type = remember(family, words) { typography(family, words.locale) }
    CompositionLocalProvider(
        LocalWords provides words,
        LocalColours provides if (dark) darkExtra else lightExtra,
        LocalDensity provides scaled,
    ) {
        val measurer = rememberTextMeasurer(MEASURED)
        val scheme = if (dark) darkColours else lightColours
        MaterialTheme(scheme, shapes, type) {
            CompositionLocalProvider(LocalContentColor provides scheme.onBackground, LocalMeasurer provides measurer, content = content)
        }
    }
}

/** The product's own colours beside Material's. */
val colours: GuidebookColours
    @Composable get() = LocalColours.current

/** Lays out what is the same in many places, and keeps it. */
val LocalMeasurer = staticCompositionLocalOf<TextMeasurer> { error("no theme") }

/** So many words are kept: family names, levels, tags and days of a list, and some to spare. */
private const val MEASURED = 256

/** The smallest thing that a finger in a glove can hit. */
val touch = 48.dp
