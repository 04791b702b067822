import Foundation
import Guidebook
import GuidebookFakes
import XCTest

/// Coming in, going away, coming back.
@MainActor
final class DoorTests: XCTestCase {
    private func standing(_ app: AppModel) -> UnlockModel.Standing? {
        if case .unlock(let model) = app.phase { model.standing } else { nil }
    }

    private func unlock(_ app: AppModel) async {
        guard case .unlock(let model) = app.phase else { return XCTFail("no door stands") }
        model.unlock()
        await app.settle()
    }

    func testWhoeverIsNotTakenForHerDoesNotReachTheBook() async {
        let phone = FakePhone()
        phone.answer = .refused
        let (app, book, _) = await startedApp(phone) { $0.state = .locked }
        await unlock(app)
        XCTAssertEqual(standing(app), .refused)
        let state = try? await book.state()
        XCTAssertEqual(state, .locked)
        phone.answer = .passed
        await unlock(app)
        XCTAssertNotNil(app.members)
    }

    func testEachWayABookMayNotOpenIsADoorOfItsOwn() async {
        let ways: [(Problem, UnlockModel.Standing)] = [
            (.wrongKey, .wrongKey), (.wiped, .wiped), (.signedOut, .wiped), (.upgradeNeeded, .broken(.upgradeNeeded)),
        ]
        for (problem, door) in ways {
            let (app, _, _) = await startedApp {
                $0.state = .locked
                $0.unlockProblem = problem
            }
            await unlock(app)
            XCTAssertEqual(standing(app), door)
        }
    }

    func testAPhoneThatTheServerHasForgottenAsksForACodeAndSaysThatNothingIsLost() async {
        let (app, book, _) = await startedApp { $0.syncProblem = .signedOut }
        guard case .enrol(let door) = app.phase else { return XCTFail("no code is asked for") }
        XCTAssertEqual(door.problem, .signedOut)
        await book.change { $0.syncProblem = nil }
        (door.server, door.code) = ("https://guidebook.example", "0123456789")
        door.enrol()
        await app.settle()
        XCTAssertNotNil(app.members)
    }

    func testHiddenMembersShowAgainAfterContact() async {
        let (app, book, _) = await startedApp {
            $0.state = .hidden
            $0.syncProblem = .offline
        }
        guard case .unlock(let door) = app.phase else { return XCTFail("no door stands") }
        door.contact()
        await app.settle()
        XCTAssertEqual(door.problem, .offline)
        await book.change {
            $0.syncProblem = nil
            $0.state = .open
        }
        door.contact()
        await app.settle()
        XCTAssertNotNil(app.members)
    }

    func testABookThatIsTakenAwayDuringARoundIsSeenAtOnce() async {
        let (app, book, _) = await startedApp()
        await book.change {
            $0.syncProblem = .wiped
            $0.state = .empty
        }
        app.sync()
        await app.settle()
        XCTAssertEqual(standing(app), .wiped)
    }

    func testAwayForLongerThanSheChoseTheBookLocks() async {
        let (app, _, phone) = await startedApp()
        app.leave()
        XCTAssertTrue(app.covered)
        phone.now += 30
        app.comeBack()
        await app.settle()
        XCTAssertFalse(app.covered)
        XCTAssertNotNil(app.members)
        app.leave()
        phone.now += 61
        app.comeBack()
        await app.settle()
        XCTAssertEqual(standing(app), .locked)
    }

    func testTheSystemsDialogAtTheDoorIsNoLeaving() async {
        let phone = FakePhone()
        phone.kept.write("lockDelay", "atOnce")
        let (app, _, _) = await startedApp(phone) { $0.state = .locked }
        app.leave()
        await unlock(app)
        app.comeBack()
        await app.settle()
        XCTAssertNotNil(app.members)
        app.leave()
        app.comeBack()
        await app.settle()
        XCTAssertEqual(standing(app), .locked)
    }

    func testARoundInTheBackgroundOpensTheBookForNobodyElse() async {
        let (app, book, _) = await startedApp { $0.state = .locked }
        let succeeded = await app.syncInBackground()
        await book.tell(.book)
        await app.settle()
        XCTAssertTrue(succeeded)
        XCTAssertEqual(standing(app), .locked)
        let state = try? await book.state()
        XCTAssertEqual(state, .locked)
        await book.change { $0.state = .open }
        await book.tell(.book)
        await app.settle()
        XCTAssertEqual(standing(app), .locked, "open, but not for her")
    }

    func testTheServerIsListenedToOnlyWhileSheLooks() async {
        let (app, book, _) = await startedApp()
        app.leave()
        await app.settle()
        app.comeBack()
        await app.settle()
        let calls = await book.calls.filter { $0.hasPrefix("live") }
        XCTAssertEqual(calls, ["live true", "live false", "live true"])
    }

    func testALinkWaitsUntilTheBookIsOpen() async {
        let (app, _, _) = await startedApp { $0.state = .locked }
        app.open(Link("guidebook://member/M2")!)
        XCTAssertTrue(app.stack.isEmpty)
        await unlock(app)
        guard case .member(let member) = app.stack.last else { return XCTFail("no member stands") }
        XCTAssertEqual(member.id, "M2")
    }

    nonisolated func testWhichAddressesAreOurs() {
        let hosts: Set<String> = ["book.example.com"]
        XCTAssertEqual(Link("guidebook://sync"), .sync)
        XCTAssertEqual(Link("https://book.example.com/app/member/M1", hosts: hosts), .member("M1"))
        XCTAssertEqual(
            Link("guidebook://enrol?server=https%3A%2F%2Fhq&code=AB"), .enrol(server: "https://hq", code: "AB"))
        for foreign in [
            "https://elsewhere.com/app/member/M1", "https://book.example.com/s/abc", "guidebook://member/", "http://x", "",
            "guidebook://enrol?code=AB",
        ] {
            XCTAssertNil(Link(foreign, hosts: hosts), foreign)
        }
    }
}
