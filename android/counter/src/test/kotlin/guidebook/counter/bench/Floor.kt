package guidebook.counter.bench

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.text.BasicText
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import guidebook.counter.counterFont
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.swing.Swing
import kotlinx.coroutines.yield

/** A list of plain rows, one word each, in a window of the same size: what Compose and Skia's software renderer cost by themselves. */
class Floor : AutoCloseable {
    private val style = TextStyle(fontFamily = counterFont())
    private val list = LazyListState()
    val stage = ImageComposeScene(WIDTH, HEIGHT, Density(1f), Dispatchers.Swing) {
        Box(Modifier.fillMaxSize().background(Color.White)) {
            LazyColumn(Modifier.width(400.dp).fillMaxHeight(), list) {
                items(ROWS) { Box(Modifier.height(72.dp)) { BasicText("会员 $it", style = style) } }
            }
        }
    }
    val row get() = list.firstVisibleItemIndex

    suspend fun frame() {
        yield()
        stage.render(System.nanoTime()).close()
    }

    override fun close() = stage.close()

    private companion object {
        const val ROWS = 20_000
    }
}
