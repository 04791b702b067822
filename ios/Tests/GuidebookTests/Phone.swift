import Guidebook
import GuidebookFakes
import XCTest

/// Models do not keep their app alive, as it lives as long as the process.
@MainActor private var alive: [AppModel] = []

/// A started app over a made-up book.
@MainActor
func startedApp(
    _ phone: FakePhone = FakePhone(), _ change: (inout FakeBook.Shown) -> Void = { _ in }
) async -> (app: AppModel, book: FakeBook, phone: FakePhone) {
    var shown = FakeBook.Shown()
    shown.members = [FakeBook.full(), FakeBook.bare(id: "M2", name: "张三")]
    change(&shown)
    let book = FakeBook(shown)
    let app = AppModel(book: book, services: phone.services())
    alive.append(app)
    await app.start()
    await app.settle()
    // Who starts with an open book has passed its door.
    if shown.state == .open || shown.state == .hidden, case .unlock(let door) = app.phase {
        door.unlock()
        await app.settle()
    }
    return (app, book, phone)
}
