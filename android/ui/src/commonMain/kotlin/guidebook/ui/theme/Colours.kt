package guidebook.ui.theme

import androidx.compose.material3.ColorScheme
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.graphics.Color

/** Jade: what can be touched. */
internal val lightColours: ColorScheme = lightColorScheme(
    primary = Color(0xFF0B6E5F),
    onPrimary = Color.White,
    primaryContainer = Color(0xFFD3EDE6),
    onPrimaryContainer = Color(0xFF00382F),
    secondary = Color(0xFF4A635D),
    onSecondary = Color.White,
    secondaryContainer = Color(0xFFE3EDEA),
    onSecondaryContainer = Color(0xFF1F3731),
    tertiary = Color(0xFF7A5512),
    onTertiary = Color.White,
    tertiaryContainer = Color(0xFFF8EBD0),
    onTertiaryContainer = Color(0xFF5C3F08),
    error = Color(0xFFB3261E),
    onError = Color.White,
    errorContainer = Color(0xFFFBE4E1),
    onErrorContainer = Color(0xFF6F130D),
    background = Color(0xFFF6F7F5),
    onBackground = Color(0xFF171C1A),
    surface = Color(0xFFF6F7F5),
    onSurface = Color(0xFF171C1A),
    surfaceVariant = Color(0xFFE8ECEA),
    onSurfaceVariant = Color(0xFF565F5B),
    surfaceContainerLowest = Color.White,
    surfaceContainerLow = Color.White,
    surfaceContainer = Color(0xFFEFF2F0),
    surfaceContainerHigh = Color(0xFFE8ECEA),
    surfaceContainerHighest = Color(0xFFE1E6E3),
    outline = Color(0xFF6F7975),
    outlineVariant = Color(0xFFDCE2DF),
    inverseSurface = Color(0xFF2B322F),
    inverseOnSurface = Color(0xFFEFF2F0),
    inversePrimary = Color(0xFF7FD8C5),
    scrim = Color.Black,
)

internal val darkColours: ColorScheme = darkColorScheme(
    primary = Color(0xFF7FD8C5),
    onPrimary = Color(0xFF00382F),
    primaryContainer = Color(0xFF10493F),
    onPrimaryContainer = Color(0xFFC9F2E7),
    secondary = Color(0xFFB1CCC4),
    onSecondary = Color(0xFF1C352F),
    secondaryContainer = Color(0xFF2A3632),
    onSecondaryContainer = Color(0xFFD3E6E0),
    tertiary = Color(0xFFEBC27A),
    onTertiary = Color(0xFF412D00),
    tertiaryContainer = Color(0xFF46371B),
    onTertiaryContainer = Color(0xFFF7DFB0),
    error = Color(0xFFFFB4AB),
    onError = Color(0xFF690005),
    errorContainer = Color(0xFF5A211C),
    onErrorContainer = Color(0xFFFFDAD5),
    background = Color(0xFF101412),
    onBackground = Color(0xFFE2E7E4),
    surface = Color(0xFF101412),
    onSurface = Color(0xFFE2E7E4),
    surfaceVariant = Color(0xFF2A312E),
    onSurfaceVariant = Color(0xFFAAB4AF),
    surfaceContainerLowest = Color(0xFF0B0F0D),
    surfaceContainerLow = Color(0xFF191E1C),
    surfaceContainer = Color(0xFF1E2421),
    surfaceContainerHigh = Color(0xFF272E2B),
    surfaceContainerHighest = Color(0xFF313936),
    outline = Color(0xFF8A9590),
    outlineVariant = Color(0xFF303835),
    inverseSurface = Color(0xFFE2E7E4),
    inverseOnSurface = Color(0xFF262C29),
    inversePrimary = Color(0xFF0B6E5F),
    scrim = Color.Black,
)

/** What Material has no name for: a card on the page, the mark of a match, what waits, what is due. */
@Immutable
data class GuidebookColours(val card: Color, val match: Color, val pending: Color, val due: Color, val birthday: Color, val barSoft: Color)

internal val lightExtra = GuidebookColours(
    card = Color.White,
    match = Color(0xFFCDEFE5),
    pending = Color(0xFF2C5C9A),
    due = Color(0xFFA34108),
    birthday = Color(0xFFA82C62),
    barSoft = Color(0xFFCFE3DD),
)

internal val darkExtra = GuidebookColours(
    card = Color(0xFF191E1C),
    match = Color(0xFF17574B),
    pending = Color(0xFF9CC3F5),
    due = Color(0xFFFFB68A),
    birthday = Color(0xFFFFAFCC),
    barSoft = Color(0xFF2C4740),
)

internal val LocalColours = staticCompositionLocalOf { lightExtra }
