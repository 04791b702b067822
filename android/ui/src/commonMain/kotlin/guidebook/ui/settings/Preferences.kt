package guidebook.ui.settings

import guidebook.ui.app.Kept
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow

enum class TextSize(val scale: Float) { Standard(1f), Large(1.2f), Largest(1.4f) }

enum class Appearance { System, Light, Dark }

/** How she likes it. [language] is null where the system's is taken. */
data class Liking(val language: String? = null, val text: TextSize = TextSize.Standard, val appearance: Appearance = Appearance.System)

/** Keeps her liking from one start to the next. */
class Preferences(private val kept: Kept) {
    private val current = MutableStateFlow(
        Liking(
            kept.read(LANGUAGE),
            TextSize.entries.firstOrNull { it.name == kept.read(TEXT) } ?: TextSize.Standard,
            Appearance.entries.firstOrNull { it.name == kept.read(APPEARANCE) } ?: Appearance.System,
        ),
    )
    val liking: StateFlow<Liking> = current

    fun speak(language: String?) {
        kept.write(LANGUAGE, language)
        current.value = current.value.copy(language = language)
    }

    fun write(size: TextSize) {
        kept.write(TEXT, size.name)
        current.value = current.value.copy(text = size)
    }

    fun look(appearance: Appearance) {
        kept.write(APPEARANCE, appearance.name)
        current.value = current.value.copy(appearance = appearance)
    }

    private companion object {
        const val LANGUAGE = "language"
        const val TEXT = "text"
        const val APPEARANCE = "appearance"
    }
}
