import Foundation
import Guidebook
import GuidebookFakes
import XCTest

/// What she does to a member: answered at once, kept, undone.
@MainActor
final class EditingTests: XCTestCase {
    private func sheet<M>(_ app: AppModel, _ pick: (Sheet) -> M?) -> M {
        guard let sheet = app.sheet, let model = pick(sheet) else { fatalError("no such sheet") }
        return model
    }

    private func tags(_ app: AppModel, of name: String) async -> TagsModel {
        let row = app.members!.state.content!.rows.first { $0.name == name }!
        app.members!.tag(row)
        await app.settle()
        return sheet(app) { if case .tags(let model) = $0 { model } else { nil } }
    }

    func testATagIsShownBeforeItIsKeptAndCanBeUndone() async {
        let (app, book, phone) = await startedApp()
        let model = await tags(app, of: "张三")
        model.turn(FakeBook.groups[0].tags[0], in: FakeBook.groups[0])
        XCTAssertEqual(model.state.content?.carried, ["T1"])
        XCTAssertEqual(phone.ticks, 1)
        await app.settle()
        XCTAssertEqual(app.notice?.text, "已打上“送礼”")
        app.undo()
        await app.settle()
        let calls = await book.calls.filter { $0.hasPrefix("tag") || $0.hasPrefix("undo") }
        XCTAssertEqual(calls.first, "tag M2 T1 true")
        XCTAssertTrue(calls.last?.hasPrefix("undo e") ?? false)
    }

    func testASingleChoiceTakesThePlaceOfTheOneBefore() async {
        let (app, _, _) = await startedApp()
        let model = await tags(app, of: "查美")
        model.turn(FakeBook.groups[1].tags[1], in: FakeBook.groups[1])
        XCTAssertEqual(model.state.content?.carried, ["T1", "T5", "T6"])
    }

    func testATagOfHeadquartersIsNotTurnedAndSaysWhy() async {
        let (app, book, _) = await startedApp()
        let model = await tags(app, of: "查美")
        model.turn(FakeBook.groups[2].tags[1], in: FakeBook.groups[2])
        await app.settle()
        XCTAssertEqual(model.problem, .invalid(field: "tag", reason: .hqOnly))
        let calls = await book.calls.filter { $0.hasPrefix("tag") }
        XCTAssertEqual(calls, [])
    }

    func testATagThatWasNotKeptIsTakenBackFromTheScreen() async {
        let (app, book, _) = await startedApp()
        let model = await tags(app, of: "张三")
        await book.change { $0.editProblem = .storageFull }
        model.turn(FakeBook.groups[0].tags[0], in: FakeBook.groups[0])
        await app.settle()
        XCTAssertEqual(model.state.content?.carried, [])
        XCTAssertEqual(model.problem, .storageFull)
    }

    func testACallGoesOnRecordAndStraightToTheTelephone() async {
        let (app, book, phone) = await startedApp()
        app.openMember("M1")
        await app.settle()
        guard case .member(let member) = app.stack.last else { return XCTFail("no member stands") }
        member.call()
        await app.settle()
        XCTAssertEqual(phone.dialled, ["13812345678"])
        XCTAssertNil(app.sheet)
        let calls = await book.calls.filter { $0.hasPrefix("reveal") }
        XCTAssertEqual(calls, ["reveal M1 call"])
        phone.dials = false
        member.call()
        await app.settle()
        XCTAssertEqual(sheet(app) { if case .reveal(let model) = $0 { model.number } else { nil } }, "13812345678")
    }

    func testOnlyFieldsThatChangedAreKept() async {
        let (app, book, _) = await startedApp()
        app.openMember("M1")
        await app.settle()
        guard case .member(let member) = app.stack.last else { return XCTFail("no member stands") }
        member.editFields()
        await app.settle()
        let model = sheet(app) { if case .fields(let model) = $0 { model } else { nil } }
        XCTAssertFalse(model.canSave)
        model[.sizeShoe] = "38"
        model.save()
        await app.settle()
        let calls = await book.calls.filter { $0.hasPrefix("field") }
        XCTAssertEqual(calls, ["field sizeShoe 38"])
        XCTAssertNil(app.sheet)
    }

    func testANoteIsAsLongAsTheCoreTakesItAndNoLonger() async {
        let (app, _, _) = await startedApp()
        app.openMember("M1")
        await app.settle()
        guard case .member(let member) = app.stack.last else { return XCTFail("no member stands") }
        member.writeNote()
        await app.settle()
        let model = sheet(app) { if case .note(let model) = $0 { model } else { nil } }
        XCTAssertFalse(model.canSave)
        model.text = String(repeating: "长", count: 1_000)
        XCTAssertTrue(model.canSave)
        model.text += "长"
        XCTAssertFalse(model.canSave)
        XCTAssertEqual(model.left, -1)
    }

    func testAWalkinNeedsHerConsentAndANumberThatNobodyHas() async {
        let (app, book, _) = await startedApp()
        app.members!.enrolWalkin()
        await app.settle()
        let model = sheet(app) { if case .walkin(let model) = $0 { model } else { nil } }
        model.walkin.name = "赵一鸣"
        model.phone = "139 1234 0001"
        model.birthday = "0329"
        await app.settle()
        XCTAssertFalse(model.canSave, "no consent yet")
        model.agreesToBoth = true
        XCTAssertTrue(model.canSave)
        model.birthday = "1399"
        XCTAssertFalse(model.canSave, "no such day")
        model.birthday = "0329"
        model.phone = "17700003564"
        await app.settle()
        XCTAssertEqual(model.known?.name, "查美")
        XCTAssertFalse(model.canSave, "a member already")
        model.phone = "13912340001"
        await app.settle()
        model.save()
        await app.settle()
        let calls = await book.calls.filter { $0.hasPrefix("walk") }
        XCTAssertEqual(calls, ["walk in 赵一鸣 13912340001 [\"B05\"] --03-29"])
        guard case .member(let member) = app.stack.last else { return XCTFail("she does not stand") }
        XCTAssertEqual(member.id, "W1")
    }
}
