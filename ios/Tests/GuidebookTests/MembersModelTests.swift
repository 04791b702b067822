import Foundation
import Guidebook
import GuidebookFakes
import XCTest

@MainActor
final class MembersModelTests: XCTestCase {
    func testTheNextPageIsReadWhenTheLastRowIsSeenAndOnlyThen() async {
        let (app, _, _) = await startedApp { $0.members = (0..<70).map { FakeBook.bare(id: "M\($0)", name: "会员\($0)") } }
        let members = app.members!
        XCTAssertEqual(members.state.content?.rows.count, 50)
        members.saw(members.state.content!.rows[10])
        await app.settle()
        XCTAssertEqual(members.state.content?.rows.count, 50)
        members.saw(members.state.content!.rows[49])
        await app.settle()
        XCTAssertEqual(members.state.content?.rows.map(\.id), (0..<70).map { "M\($0)" })
        members.saw(members.state.content!.rows[69])
        await app.settle()
        XCTAssertEqual(members.state.content?.rows.count, 70)
    }

    func testAnAnswerToLettersThatWereTypedOverIsNotShown() async {
        let (app, book, _) = await startedApp()
        await book.hold()
        app.members!.text = "查"
        app.members!.text = "张"
        for _ in 0..<50 { await Task.yield() }
        await book.letGo()
        await app.settle()
        XCTAssertEqual(app.members!.state.content?.rows.map(\.name), ["张三"])
    }

    func testAChangedMemberIsReadAgain() async {
        let (app, book, _) = await startedApp()
        await book.change { $0.members[1].row.name = "张四" }
        await book.tell(.members(["M2"]))
        await app.settle()
        XCTAssertEqual(app.members!.state.content?.rows.map(\.name), ["查美", "张四"])
    }

    func testMarksSayWhatIsNearOrDue() async {
        let (app, _, _) = await startedApp()
        let rows = app.members!.state.content!.rows
        XCTAssertEqual(app.members!.marks(of: rows[0]), ["3 天后生日", "跟进已过期", "2 条待发送"])
        XCTAssertEqual(app.members!.marks(of: rows[1]), [])
    }

    func testThePillSaysTheWorstFirst() async {
        let minute = FakeBook.now.addingTimeInterval(-60)
        let shown: [(SyncPill, (inout FakeBook.Shown) -> Void)] = [
            (.synced(since: minute), { $0.sync.lastContact = minute }),
            (.never, { _ in }),
            (
                .waiting(3),
                {
                    $0.sync.lastContact = minute
                    $0.sync.waiting = 3
                }
            ),
            (
                .offlineWaiting(3),
                {
                    $0.sync.lastContact = minute
                    $0.sync.waiting = 3
                    $0.sync.retrying = true
                }
            ),
            (.offline, { $0.sync.lastContact = FakeBook.now.addingTimeInterval(-90_000) }),
            (
                .needsHer(2),
                {
                    $0.sync.retrying = true
                    $0.edits = FakeBook.editsOfEveryFate
                }
            ),
        ]
        for (pill, change) in shown {
            let (app, _, _) = await startedApp(FakePhone(), change)
            XCTAssertEqual(app.members!.pill, pill)
        }
    }

    func testALostEditThatWasLookedAtIsNotCountedAgain() async {
        let (app, _, phone) = await startedApp { $0.edits = FakeBook.editsOfEveryFate }
        XCTAssertEqual(app.members!.lost, 2)
        let sync = SyncOpener.open(app)
        await app.settle()
        sync.open(sync.state.content!.needHer[0])
        await app.settle()
        guard case .edit(let edit) = app.stack.last else { return XCTFail("no edit stands") }
        edit.letBe()
        await app.settle()
        XCTAssertEqual(app.members!.lost, 1)
        XCTAssertEqual(phone.kept.read("seenEdits"), "e2")
    }
}

@MainActor
enum SyncOpener {
    static func open(_ app: AppModel) -> SyncModel {
        app.members?.openSync()
        guard case .sync(let model) = app.stack.last else { fatalError("no sync stands") }
        return model
    }
}
