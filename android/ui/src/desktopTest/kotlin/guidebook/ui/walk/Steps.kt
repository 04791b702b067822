package guidebook.ui.walk

import guidebook.ui.app.Place
import guidebook.ui.members.Found
import guidebook.ui.members.MembersPresenter
import guidebook.ui.words.WordsZh

// What every walk begins with.

internal val words = WordsZh

internal fun Hand.enrol(server: String, code: String = Contract.freshCode()) {
    type(words.enrolServer, server)
    type(words.enrolCode, code)
    tap(words.enrolAct)
    sees(words.walkin)
    until("rows") { list().state.value.found is Found.Rows }
}

internal fun Hand.list() = app.presenter(Place.Members) { MembersPresenter(app.book, it) }

internal fun Hand.rows() = (list().state.value.found as? Found.Rows)?.pages?.get(0).orEmpty()

internal fun Hand.find(text: String) {
    search(text)
    until("查美") { rows().any { it.name == "查美" && it.matches.isNotEmpty() } }
}
