package guidebook.ui.parts

import androidx.compose.runtime.Composable
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.Dp

/** The size of an icon beside a text, [size] at the standard size of text: it grows with the text. */
@Composable
fun besideText(size: Dp): Dp = size * LocalDensity.current.fontScale
