package guidebook.ui.parts

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.OutlinedTextFieldDefaults
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardType
import guidebook.ui.theme.colours
import guidebook.ui.words.LocalWords

/** A line to fill in. */
@Composable
fun LineField(
    label: String,
    value: String,
    onChange: (String) -> Unit,
    modifier: Modifier = Modifier,
    keyboard: KeyboardType = KeyboardType.Text,
    problem: String? = null,
    hint: String? = null,
    onDone: (() -> Unit)? = null,
    trailing: (@Composable () -> Unit)? = null,
) {
    val typed = rememberTyped(value)
    OutlinedTextField(
        typed.text,
        { typed.type(it, onChange) },
        modifier.fillMaxWidth(),
        label = { Text(label) },
        placeholder = hint?.let { { Text(it) } },
        trailingIcon = trailing,
        isError = problem != null,
        supportingText = problem?.let { { Text(it) } },
        singleLine = true,
        keyboardOptions = KeyboardOptions(keyboardType = keyboard, imeAction = if (onDone == null) ImeAction.Next else ImeAction.Done),
        keyboardActions = KeyboardActions(onDone = { onDone?.invoke() }),
        textStyle = MaterialTheme.typography.bodyLarge,
        shape = MaterialTheme.shapes.medium,
        colors = fieldColours(),
    )
}

/** A text of some length; says how much is left once that matters. With [focused] it is ready to be written in. */
@Composable
fun LongField(label: String, value: String, limit: Int, onChange: (String) -> Unit, modifier: Modifier = Modifier, lines: Int = 4, focused: Boolean = false) {
    val words = LocalWords.current
    val focus = remember { FocusRequester() }
    val typed = rememberTyped(value)
    val length = typed.text.codePointCount(0, typed.text.length)
    if (focused) LaunchedEffect(Unit) { focus.requestFocus() }
    OutlinedTextField(
        typed.text,
        { typed.type(it, onChange) },
        modifier.fillMaxWidth().focusRequester(focus),
        label = { Text(label) },
        isError = length > limit,
        supportingText = if (limit - length < limit / 5) {
            { Text(words.charactersLeft(limit - length)) }
        } else {
            null
        },
        minLines = lines,
        maxLines = 10,
        textStyle = MaterialTheme.typography.bodyLarge,
        shape = MaterialTheme.shapes.medium,
        colors = fieldColours(),
    )
}

@Composable
private fun fieldColours() = OutlinedTextFieldDefaults.colors(
    focusedContainerColor = colours.card,
    unfocusedContainerColor = colours.card,
    errorContainerColor = colours.card,
    unfocusedBorderColor = MaterialTheme.colorScheme.outlineVariant,
)
