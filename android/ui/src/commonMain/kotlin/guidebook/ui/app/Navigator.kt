package guidebook.ui.app

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow

/** A plain stack of places. The list is always at the bottom. */
class Navigator {
    private val places = MutableStateFlow<List<Place>>(listOf(Place.Members))
    val stack: StateFlow<List<Place>> = places

    fun go(place: Place) {
        val now = places.value
        if (now.last() == place) return
        // A second sheet takes the place of the first.
        places.value = (if (place is Place.Sheet) now.dropLastWhile { it is Place.Sheet } else now) + place
    }

    /** Opens [place] right over the list: what a wide window does with the member it shows. */
    fun goFromHome(place: Place) {
        places.value = listOf(Place.Members, place)
    }

    /** [place] in the stead of the place on top. */
    fun replace(place: Place) {
        places.value = (places.value.dropLast(1) + place).ifEmpty { listOf(Place.Members) }
    }

    /** False where there is nothing to go back to. */
    fun back(): Boolean {
        if (places.value.size == 1) return false
        places.value = places.value.dropLast(1)
        return true
    }

    fun home() {
        places.value = listOf(Place.Members)
    }

    fun saved(): List<String> = places.value.map { it.saved() }

    fun restore(lines: List<String>) {
        val restored = lines.mapNotNull(Place::restored)
        places.value = if (restored.firstOrNull() == Place.Members) restored else listOf(Place.Members) + restored
    }
}
