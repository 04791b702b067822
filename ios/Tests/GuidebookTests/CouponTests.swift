import Guidebook
import GuidebookFakes
import XCTest

/// A coupon on its card: what she does with it, and what that does to the phone.
@MainActor
final class CouponTests: XCTestCase {
    private let words = WordsZh()

    private func card(_ phone: FakePhone) async -> (app: AppModel, book: FakeBook, model: CouponModel) {
        let (app, book, _) = await startedApp(phone) { $0.coupons = [FakeBook.couponsOfEveryState[0]] }
        app.openCoupon(FakeBook.couponsOfEveryState[0].id)
        await app.settle()
        guard case .coupon(let model) = app.stack.last else { fatalError("no card") }
        return (app, book, model)
    }

    func testWhatIsSentIsHersAndSaysAllThatTheTillWants() async throws {
        let phone = FakePhone()
        let (app, book, model) = await card(phone)
        let text = words.couponMessage(try XCTUnwrap(model.state.content))
        model.send()
        await app.settle()
        XCTAssertEqual(phone.shared, [text])
        XCTAssertTrue(text.contains("K7QM-2XPA-9D4F-WV8H"), text)
        XCTAssertTrue(text.contains("2026年11月"), text)
        XCTAssertFalse(text.contains("查美"), "a customer's name leaves the phone")
        XCTAssertEqual(model.state.content?.row.state, .handedOver)
        XCTAssertEqual(app.notice?.text, words.couponHandedOver)

        app.dismissNotice()
        model.send()
        await app.settle()
        XCTAssertEqual(phone.shared, [text, text])
        XCTAssertNil(app.notice, "it is handed over once")
        _ = book
    }

    func testTheScreenIsBrightAsLongAsThereIsACodeToRead() async {
        let phone = FakePhone()
        let (app, _, model) = await card(phone)
        model.appeared()
        XCTAssertTrue(phone.bright)
        model.void()
        await app.settle()
        XCTAssertFalse(phone.bright)
    }
}
