package guidebook.ui.look

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.DesktopComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.isRoot
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.text.style.TextOverflow
import guidebook.ui.gallery.DENSITY
import guidebook.ui.gallery.Scene
import guidebook.ui.gallery.View
import guidebook.ui.gallery.picture
import guidebook.ui.gallery.scenes
import guidebook.ui.gallery.shown
import org.junit.Assert.assertEquals
import org.junit.Test

/** What holds for every screen in every state, whoever looks at it. */
@OptIn(ExperimentalTestApi::class)
class LookTest {
    private val faults = ArrayList<String>()

    @Test
    fun `on a phone in Chinese nothing is cut, too small, unlabelled or pale`() = everywhere(View("zh", dark = false, 1f, wide = false))

    @Test
    fun `on a phone in Chinese, with large text`() = everywhere(View("zh", dark = false, 1.5f, wide = false))

    @Test
    fun `on a phone in English, dark, with large text`() = everywhere(View("en", dark = true, 1.5f, wide = false))

    @Test
    fun `in a wide window in Chinese, dark, with large text`() = everywhere(View("zh", dark = true, 1.5f, wide = true))

    @Test
    fun `in a wide window in English`() = everywhere(View("en", dark = false, 1f, wide = true))

    private fun everywhere(view: View) {
        for (scene in scenes) shown(scene, view) { lookAt(scene, view) }
        assertEquals("", faults.joinToString("\n"))
    }

    private fun DesktopComposeUiTest.lookAt(scene: Scene, view: View) {
        val where = "${scene.name} ${view.name}"
        val nodes = onAllNodes(isRoot(), useUnmergedTree = true).fetchSemanticsNodes().flatMap(::withChildren)
        val merged = onAllNodes(isRoot()).fetchSemanticsNodes().flatMap(::withChildren)
        merged.filter { it.touchable() }.forEach { touchFaults(it).forEach { fault -> faults += "$where: $fault" } }
        val image = picture()
        val sheet = nodes.firstOrNull { it.config.getOrNull(SemanticsProperties.PaneTitle) != null }
        for (node in nodes) {
            val layout = node.layout() ?: continue
            glyphless(layout.layoutInput.text.text)?.let { faults += "$where: no glyph for $it" }
            if (cut(layout, scene)) faults += "$where: “${layout.layoutInput.text}” is cut off"
            if (!node.dimmed() && !node.covered(sheet)) paleness(node, image)?.let { faults += "$where: “${layout.layoutInput.text}” has contrast $it" }
        }
    }

    private fun withChildren(node: SemanticsNode): List<SemanticsNode> = listOf(node) + node.children.flatMap(::withChildren)

    /** Can be clicked, and is not scrolled out of sight. */
    private fun SemanticsNode.touchable() = config.getOrNull(SemanticsActions.OnClick) != null && !boundsInRoot.isEmpty

    private fun touchFaults(node: SemanticsNode): List<String> {
        val said = node.config.getOrNull(SemanticsProperties.Text).orEmpty().joinToString { it.text } +
            node.config.getOrNull(SemanticsProperties.ContentDescription).orEmpty().joinToString()
        val editable = node.config.getOrNull(SemanticsProperties.EditableText) != null
        val size = node.touchBoundsInRoot
        return listOfNotNull(
            "a touch target without a label at $size".takeIf { said.isBlank() && !editable },
            "“$said” has no role".takeIf { node.config.getOrNull(SemanticsProperties.Role) == null && !editable },
            "“$said” is ${size.width / DENSITY} × ${size.height / DENSITY} dp".takeIf {
                !editable && node.whole() && (size.width < SMALLEST || size.height < SMALLEST)
            },
        )
    }

    /** Not scrolled half out of sight. */
    private fun SemanticsNode.whole() = boundsInRoot.width >= this.size.width - 1 && boundsInRoot.height >= this.size.height - 1

    private fun SemanticsNode.layout(): TextLayoutResult? {
        val results = ArrayList<TextLayoutResult>()
        config.getOrNull(SemanticsActions.GetTextLayoutResult)?.action?.invoke(results)
        return results.firstOrNull()
    }

    /** Where names are too long on purpose, an ellipsis is right; in a list it is for any long text. */
    private fun cut(layout: TextLayoutResult, scene: Scene): Boolean {
        val text = layout.multiParagraph
        if (layout.layoutInput.overflow == TextOverflow.Ellipsis && (scene.long || layout.layoutInput.text.length >= LONG)) return false
        if (layout.layoutInput.overflow == TextOverflow.Visible) return false
        val wide = (0 until text.lineCount).any { text.getLineRight(it) - text.getLineLeft(it) > layout.size.width + 1 }
        return text.didExceedMaxLines || wide || text.height > layout.size.height + 1
    }

    /** Of a button that can't be pressed at the moment. */
    private fun SemanticsNode.dimmed(): Boolean = generateSequence(this) { it.parent }.any { it.config.getOrNull(SemanticsProperties.Disabled) != null }

    /** Under a sheet, whose scrim is meant to dim it. */
    private fun SemanticsNode.covered(sheet: SemanticsNode?) = sheet != null && generateSequence(this) { it.parent }.none { it.id == sheet.id }

    private companion object {
        const val SMALLEST = 48 * DENSITY - 1

        /** A text of this many characters may end in an ellipsis in a line of a list. */
        const val LONG = 8
    }
}
