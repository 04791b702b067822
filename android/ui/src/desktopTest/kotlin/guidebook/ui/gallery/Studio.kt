package guidebook.ui.gallery

import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.toAwtImage
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.test.DesktopComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.captureToImage
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.runDesktopComposeUiTest
import androidx.compose.ui.text.ExperimentalTextApi
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.platform.SystemFont
import androidx.compose.ui.unit.Density
import guidebook.ui.parts.Ground
import guidebook.ui.theme.GuidebookTheme
import guidebook.ui.words.wordsFor
import java.awt.image.BufferedImage

/** How a scene is looked at. */
data class View(val language: String, val dark: Boolean, val fontScale: Float, val wide: Boolean) {
    val name get() = listOf(
        language, if (dark) "dark" else "light",
        if (fontScale ==
            1f
        ) "1.0" else "$fontScale",
        if (wide) "wide" else "phone"
    ).joinToString("-")

    companion object {
        val all = listOf("zh", "en").flatMap { language ->
            listOf(false, true).flatMap { dark ->
                listOf(1f, 1.5f).flatMap { scale -> listOf(false, true).map { View(language, dark, scale, it) } }
            }
        }
    }
}

/** Pixels for one dp. */
const val DENSITY = 1.5f

private const val SCENE = "scene"

/** Noto, whose Chinese is drawn in the mainland's forms; the default of a desktop may be another country's. */
@OptIn(ExperimentalTextApi::class)
val noto = FontFamily(
    SystemFont("Noto Sans CJK SC", FontWeight.Normal),
    SystemFont("Noto Sans CJK SC", FontWeight.Medium),
    SystemFont("Noto Sans CJK SC", FontWeight.Bold),
)

/** Draws [scene] as [view] wants it, and lets [look] see it. */
@OptIn(ExperimentalTestApi::class)
fun shown(scene: Scene, view: View, look: DesktopComposeUiTest.() -> Unit) {
    val width = if (view.wide) 1_180 else 411
    val height = if (scene.tall) 2_600 else if (view.wide) 820 else 891
    runDesktopComposeUiTest((width * DENSITY).toInt(), (height * DENSITY).toInt()) {
        mainClock.autoAdvance = false
        setContent {
            CompositionLocalProvider(LocalDensity provides Density(DENSITY, view.fontScale)) {
                GuidebookTheme(wordsFor(view.language), view.dark, family = noto) {
                    Ground(Modifier.testTag(SCENE)) { scene.content(view.wide) }
                }
            }
        }
        mainClock.advanceTimeBy(500)
        look()
    }
}

@OptIn(ExperimentalTestApi::class)
fun DesktopComposeUiTest.picture(): BufferedImage = onNodeWithTag(SCENE).captureToImage().toAwtImage()
