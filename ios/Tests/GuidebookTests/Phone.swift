import Guidebook
import GuidebookFakes
import XCTest

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
    await app.start()
    await app.settle()
    return (app, book, phone)
}
