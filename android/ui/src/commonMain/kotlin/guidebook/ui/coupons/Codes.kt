package guidebook.ui.coupons

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.Dp
import guidebook.ui.book.QrModules
import kotlin.math.floor

/** Light modules that a reader needs around a code. */
private const val QR_QUIET = 4
private const val BAR_QUIET = 10

/** A QR code, always dark on white: readers at tills do not know of dark screens. Modules are whole pixels. */
@Composable
fun QrImage(qr: QrModules, says: String, modifier: Modifier = Modifier) {
    Canvas(modifier.aspectRatio(1f).said(says)) {
        drawRect(Color.White)
        val module = floor(size.width / (qr.side + 2 * QR_QUIET))
        val edge = (size.width - module * qr.side) / 2
        for (y in 0 until qr.side) {
            for (x in 0 until qr.side) if (qr.isDark(x, y)) dark(edge + x * module, edge + y * module, module, module)
        }
    }
}

/** Bars and spaces in turn, in modules, beginning with a bar. */
@Composable
fun BarImage(bars: List<Int>, height: Dp, says: String, modifier: Modifier = Modifier) {
    Canvas(modifier.fillMaxWidth().height(height).said(says)) {
        drawRect(Color.White)
        val modules = bars.sum()
        val module = floor(size.width / (modules + 2 * BAR_QUIET)).coerceAtLeast(1f)
        var x = (size.width - module * modules) / 2
        bars.forEachIndexed { index, width ->
            if (index % 2 == 0) dark(x, 0f, width * module, size.height)
            x += width * module
        }
    }
}

private fun Modifier.said(says: String) = semantics {
    contentDescription = says
    role = Role.Image
}

private fun DrawScope.dark(x: Float, y: Float, width: Float, height: Float) =
    drawRect(Color.Black, Offset(floor(x), floor(y)), Size(width, height))
