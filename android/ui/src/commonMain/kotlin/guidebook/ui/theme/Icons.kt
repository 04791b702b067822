package guidebook.ui.theme

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.graphics.vector.addPathNodes
import androidx.compose.ui.unit.dp

/** The product's icons: one line of 1.8 on a field of 24, round ends. */
object Icons {
    val Search = lines("M11 4.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0 -13M16 16l4 4")
    val Close = lines("M6 6l12 12M18 6L6 18")
    val Filter = lines("M4 7h16M7 12h10M10 17h4")
    val Settings = lines("M4 7h9M19 7h1M4 17h2M12 17h8M16 4.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0 -5M9 14.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0 -5")
    val Add = lines("M12 5v14M5 12h14")
    val AddPerson = lines("M10 4.5a3.75 3.75 0 1 0 0 7.5a3.75 3.75 0 1 0 0 -7.5M3.5 20c0 -3.6 2.9 -5.5 6.5 -5.5s6.5 1.9 6.5 5.5M19 8v6M16 11h6")
    val Back = lines("M14.5 5.5L8 12l6.5 6.5")
    val Forward = lines("M9.5 5.5L16 12l-6.5 6.5")
    val Tag = lines("M4 4h7.5L20 12.5a1.2 1.2 0 0 1 0 1.7L14.2 20a1.2 1.2 0 0 1 -1.7 0L4 11.5zM8.3 7.3a1 1 0 1 0 0 2a1 1 0 1 0 0 -2")
    val Phone = lines("M6.5 4h2.6l1.5 4.2l-2 1.5a12 12 0 0 0 5.7 5.7l1.5 -2l4.2 1.5v2.6a2 2 0 0 1 -2.2 2A16 16 0 0 1 4.5 6.2a2 2 0 0 1 2 -2.2z")
    val Note = lines("M5 19l1 -4L16.5 4.5a1.8 1.8 0 0 1 2.6 0l.4 .4a1.8 1.8 0 0 1 0 2.6L9 18zM14.5 6.5l3 3")
    val Calendar = lines("M5 6.5h14v13H5zM5 10.5h14M9 4v4M15 4v4")
    val Check = lines("M5 12.5l4.5 4.5L19 7.5")
    val Clock = lines("M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0 -16M12 7.5V12l3 2")
    val Cloud = lines("M7.5 18.5a4 4 0 0 1 -.6 -7.95A5.5 5.5 0 0 1 17.5 9.8a4.4 4.4 0 0 1 -.4 8.7z")
    val CloudOff = lines("M8.2 7.4A5.5 5.5 0 0 1 17.5 9.8a4.4 4.4 0 0 1 2.2 7.6M16 18.5H7.5a4 4 0 0 1 -.6 -7.95M4.5 4.5l15 15")
    val Alert = lines("M12 4.5l8.5 15h-17zM12 10v4.2M12 16.9v.1")
    val Undo = lines("M8.5 5.5L4.5 9.5l4 4M4.5 9.5H14a5 5 0 0 1 0 10h-3.5")
    val Again = lines("M19 12a7 7 0 1 1 -2.2 -5.1M19 4.5v4h-4")
    val Lock = lines("M6 11h12v8.5H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3")
    val Scan = lines("M4 8V4.5h3.5M16.5 4.5H20V8M20 16v3.5h-3.5M7.5 19.5H4V16M4 12h16")
    val Gift = lines("M4.5 9h15v4h-15zM6 13h12v7H6zM12 9v11M12 9c-2.5 0 -5 -.8 -4.6 -2.9C7.9 3.6 11 5 12 9c1 -4 4.1 -5.4 4.6 -2.9C17 8.2 14.5 9 12 9")
    val Eye = lines("M3 12s3.2 -6 9 -6s9 6 9 6s-3.2 6 -9 6s-9 -6 -9 -6M12 9.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0 -5")
    val Swap = lines("M7 4.5L3.5 8L7 11.5M3.5 8H17M17 12.5l3.5 3.5l-3.5 3.5M20.5 16H7")
    val Info = lines("M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0 -16M12 11v5M12 8v.1")
    val Ruler = lines("M3.5 15.5l12 -12l5 5l-12 12zM7.5 11.5l2 2M10.5 8.5l2 2M13.5 5.5l2 2")
    val Up = lines("M12 19V6M6.5 11L12 5.5l5.5 5.5")
    val Text = lines("M5 7V5h14v2M12 5v14M9.5 19h5")
    val Globe = lines("M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0 -16M4 12h16M12 4c2.4 2.2 3.4 5 3.4 8s-1 5.8 -3.4 8c-2.4 -2.2 -3.4 -5 -3.4 -8s1 -5.8 3.4 -8")
    val Moon = lines("M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z")
    val Book = lines("M6 4.5h11.5v15H6.5A1.5 1.5 0 0 1 5 18V5.5a1 1 0 0 1 1 -1zM8.5 4.5v15")

    val Ticket = lines("M4 7h16v3.2a1.8 1.8 0 0 0 0 3.6V17H4v-3.2a1.8 1.8 0 0 0 0 -3.6zM14 7v2M14 11v2M14 15v2")

    private fun lines(path: String): ImageVector = ImageVector.Builder(
        defaultWidth = 24.dp,
        defaultHeight = 24.dp,
        viewportWidth = 24f,
        viewportHeight = 24f,
    ).addPath(
        pathData = addPathNodes(path),
        stroke = SolidColor(Color.Black),
        strokeLineWidth = 1.8f,
        strokeLineCap = StrokeCap.Round,
        strokeLineJoin = StrokeJoin.Round,
    ).build()
}
