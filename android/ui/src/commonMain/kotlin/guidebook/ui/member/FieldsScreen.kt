package guidebook.ui.member

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateMapOf
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import guidebook.ui.app.AppModel
import guidebook.ui.app.Place
import guidebook.ui.book.Field
import guidebook.ui.parts.LineField
import guidebook.ui.parts.LongField
import guidebook.ui.parts.MainButton
import guidebook.ui.parts.Nothing
import guidebook.ui.parts.Sheet
import guidebook.ui.words.LocalWords

@Composable
fun FieldsScreen(app: AppModel, member: String) {
    val presenter = writing(app, Place.Fields(member), member)
    val state by presenter.state.collectAsState()
    FieldsView(state, presenter::fields) { app.navigator.back() }
}

/** Remark name, preferences, sizes. */
@Composable
fun FieldsView(state: Writing?, onSave: (Map<Field, String>) -> Unit, onClose: () -> Unit) {
    val words = LocalWords.current
    if (state == null) return Sheet(words.fieldsTitle, onClose) { Nothing(words.loading) }
    val values = remember(state.fields) { mutableStateMapOf<Field, String>().apply { putAll(state.fields) } }
    val fit = values.all { (field, value) -> value.trim().let { it.codePointCount(0, it.length) } <= state.limit(field) }
    Sheet(titled(state, words.fieldsTitle), onClose, foot = { MainButton(words.save, enabled = fit) { onSave(values.toMap()) } }) {
        SizeField(Field.RemarkName, values[Field.RemarkName].orEmpty(), state) { values[Field.RemarkName] = it }
        LongField(
            words.preferences,
            values[Field.Preferences].orEmpty(),
            state.limits.preferences,
            { values[Field.Preferences] = it },
            lines = 3,
        )
        for (pair in listOf(listOf(Field.SizeTop, Field.SizeBottom), listOf(Field.SizeShoe, Field.SizeRing))) {
            Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
                for (field in pair) SizeField(field, values[field].orEmpty(), state, Modifier.weight(1f)) { values[field] = it }
            }
        }
    }
}

private fun Writing.limit(field: Field) = when (field) {
    Field.RemarkName -> limits.remarkName
    Field.Preferences -> limits.preferences
    Field.SizeTop, Field.SizeBottom, Field.SizeShoe, Field.SizeRing -> limits.size
}

@Composable
private fun SizeField(field: Field, value: String, state: Writing, modifier: Modifier = Modifier, onChange: (String) -> Unit) {
    val words = LocalWords.current
    val left = state.limit(field) - value.trim().let { it.codePointCount(0, it.length) }
    LineField(words.field(field), value, onChange, modifier, problem = words.charactersLeft(left).takeIf { left < 0 })
}
