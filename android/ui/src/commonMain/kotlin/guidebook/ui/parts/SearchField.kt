package guidebook.ui.parts

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.text.BasicTextField
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.Icon
import androidx.compose.material3.LocalTextStyle
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import guidebook.ui.theme.Icons
import guidebook.ui.theme.colours
import guidebook.ui.theme.touch
import guidebook.ui.words.LocalWords

const val SEARCH_TAG = "search"

/** Always there, at the top of the list. */
@Composable
fun SearchField(text: String, focus: FocusRequester, onSearch: () -> Unit, modifier: Modifier = Modifier, onChange: (String) -> Unit) {
    val words = LocalWords.current
    val typed = rememberTyped(text)
    val style = MaterialTheme.typography.bodyLarge.copy(color = MaterialTheme.colorScheme.onSurface)
    Surface(modifier, MaterialTheme.shapes.medium, colours.card) {
        Row(Modifier.heightIn(min = 52.dp).padding(start = 14.dp), verticalAlignment = Alignment.CenterVertically) {
            Icon(Icons.Search, null, Modifier.size(besideText(20.dp)), MaterialTheme.colorScheme.onSurfaceVariant)
            Box(Modifier.weight(1f).padding(horizontal = 10.dp), Alignment.CenterStart) {
                if (typed.text.isEmpty()) {
                    Text(
                        words.search,
                        color = MaterialTheme.colorScheme.onSurfaceVariant,
                        maxLines = 1,
                        overflow = TextOverflow.Ellipsis,
                        style = LocalTextStyle.current.merge(style).copy(color = MaterialTheme.colorScheme.onSurfaceVariant),
                    )
                }
                BasicTextField(
                    typed.text,
                    { typed.type(it, onChange) },
                    Modifier.heightIn(min = touch).focusRequester(focus).testTag(SEARCH_TAG).semantics { contentDescription = words.search },
                    textStyle = style,
                    singleLine = true,
                    keyboardOptions = KeyboardOptions(imeAction = ImeAction.Search),
                    keyboardActions = KeyboardActions(onSearch = { onSearch() }),
                    cursorBrush = SolidColor(MaterialTheme.colorScheme.primary),
                    decorationBox = { inner -> Box(Modifier.heightIn(min = touch), Alignment.CenterStart) { inner() } },
                )
            }
            if (typed.text.isNotEmpty()) IconTouch(Icons.Close, words.searchClear) { typed.type("", onChange) }
        }
    }
}
