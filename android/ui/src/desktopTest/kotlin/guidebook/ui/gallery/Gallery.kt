package guidebook.ui.gallery

import androidx.compose.ui.test.ExperimentalTestApi
import java.awt.Color
import java.awt.Font
import java.awt.Image
import java.awt.RenderingHints
import java.awt.image.BufferedImage
import java.io.File
import javax.imageio.ImageIO
import kotlin.system.exitProcess

/**
 * Renders every scene in every view to PNG, and a contact sheet for each view.
 * Arguments: the folder, and words that a picture's name must hold (`zh-light-1.0-phone`, `members`).
 */
@OptIn(ExperimentalTestApi::class)
fun main(arguments: Array<String>) {
    val folder = File(arguments[0])
    val wanted = arguments.drop(1)
    folder.mkdirs()
    var drawn = 0
    for (view in View.all) {
        val taken = scenes.filter { scene -> wanted.all { it in "${scene.name}_${view.name}" } }.map { scene ->
            lateinit var image: BufferedImage
            shown(scene, view) { image = picture() }
            ImageIO.write(image, "png", File(folder, "${scene.name}_${view.name}.png"))
            drawn++
            scene.name to image
        }
        if (taken.size > 1) ImageIO.write(contactSheet(taken, if (view.wide) 5 else 9), "png", File(folder, "sheet_${view.name}.png"))
    }
    println("gallery: $drawn pictures in ${folder.path}")
    exitProcess(if (drawn > 0) 0 else 1)
}

private const val GAP = 12
private const val LABEL = 22

/** All of them small, side by side, each under its name. */
private fun contactSheet(pictures: List<Pair<String, BufferedImage>>, columns: Int): BufferedImage {
    val width = pictures[0].second.width / 3
    val height = pictures[0].second.height / 3
    val rows = (pictures.size + columns - 1) / columns
    val sheet = BufferedImage(columns * (width + GAP) + GAP, rows * (height + GAP + LABEL) + GAP, BufferedImage.TYPE_INT_RGB)
    val pen = sheet.createGraphics()
    pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON)
    pen.color = Color(0xC9, 0xCE, 0xCB)
    pen.fillRect(0, 0, sheet.width, sheet.height)
    pen.font = Font(Font.SANS_SERIF, Font.PLAIN, 13)
    pictures.forEachIndexed { index, (name, picture) ->
        val x = GAP + index % columns * (width + GAP)
        val y = GAP + index / columns * (height + GAP + LABEL)
        pen.color = Color.BLACK
        pen.drawString(name, x, y + LABEL - 7)
        val scale = minOf(width.toDouble() / picture.width, height.toDouble() / picture.height)
        val small = picture.getScaledInstance((picture.width * scale).toInt(), (picture.height * scale).toInt(), Image.SCALE_SMOOTH)
        pen.drawImage(small, x, y + LABEL, null)
    }
    pen.dispose()
    return sheet
}
