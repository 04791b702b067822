import Foundation
import Guidebook
import GuidebookCore
import GuidebookDriver
import GuidebookWalk
import XCTest

/// A day with everything that can happen to an edit and a coupon. Its first half is lived by a process of its own, which is
/// killed; the second begins from what that process has left on the phone.
@MainActor
final class KilledTests: XCTestCase {
    private let words = WordsZh()
    private let her = Contract.shared.member
    private let tag = "送礼"

    func testADayWithThePhoneKilledInTheMiddle() async throws {
        try await beginCampaign()
        let cable = try Cable.toServer()
        let folder = try freshFolder()
        let left = try await livedAndKilled(in: folder, cable)

        let phone = WalkedPhone(in: folder)
        let driver = phone.driver
        await driver.start()
        XCTAssertTrue(driver.shows(words.unlockLead), driver.text)
        try await driver.tap(words.unlockAct)
        XCTAssertTrue(driver.shows("\(left.waiting) 条"), driver.text)
        let carries = try await carried(driver)
        XCTAssertEqual(carries, left.tagged, "what the screen had shown as kept")
        try await couponsAreThere(driver, left)

        try await Self.turnElsewhere(tag: Contract.shared.tag, of: her.id, on: !left.tagged)
        cable.plugIn()
        try await seesItLostAndAppliesItAgain(phone, driver, on: left.tagged)
        try await headquartersHasHeard(driver, left)
        try await isHandedOver(driver)
        try await isWiped(phone)

        XCTAssertGreaterThan(phone.count.calls, 50)
        XCTAssertEqual(phone.count.callsOnMain, 0, "calls to the core on the main thread")
    }

    func testAPhoneThatWasLetGoOfOpensAsItWas() async throws {
        let phone = WalkedPhone(in: try freshFolder())
        await phone.driver.start()
        try await phone.driver.enrol(server: Contract.shared.server, code: try await Headquarters.freshCode())
        let rows = phone.driver.rows
        await phone.dropAndReopen()
        try await phone.driver.tap(words.unlockAct)
        XCTAssertFalse(rows.isEmpty)
        XCTAssertEqual(phone.driver.rows, rows)
    }

    // MARK: The first half

    private struct Left {
        var tagged = false
        var given = ""
        var voided = ""
        var waiting = 0
    }

    /// Up to SIGKILL: nothing of the process runs after it.
    private func livedAndKilled(in folder: URL, _ cable: Cable) async throws -> Left {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("walk-victim")
        process.arguments = [folder.path, cable.address, try await Headquarters.freshCode(), her.name]
        let (told, said) = (Pipe(), Pipe())
        process.standardInput = told
        process.standardOutput = said
        try process.run()
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        let lines = Lines(said.fileHandleForReading)
        _ = try lines.after("found")
        cable.pull()
        told.fileHandleForWriting.write(Data("go\n".utf8))
        let left = Left(
            tagged: try lines.after("tagged ") == "true", given: try lines.after("given "),
            voided: try lines.after("voided "),
            waiting: Int(try lines.after("waiting ")) ?? 0)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        XCTAssertEqual(process.terminationReason, .uncaughtSignal)
        XCTAssertEqual(process.terminationStatus, SIGKILL)
        return left
    }

    private func beginCampaign() async throws {
        struct Campaign: Encodable {
            struct Range: Encodable { let leastFen = 5_000, mostFen = 10_000, stepFen = 5_000 }
            struct Face: Encodable { let range = Range() }
            struct Days: Encodable { let days = 7 }
            struct Validity: Encodable { let fromIssue = Days() }
            struct Budget: Encodable { let codes = 200 }
            let id = "W1", name = "周年庆满减券", face = Face(), validity = Validity(), leastSpendFen = 50_000, budget = Budget()
        }
        try await Headquarters.post("/hq/v1/campaigns", Campaign())
    }

    // MARK: The second half

    private func carried(_ driver: Driver) async throws -> Bool {
        try await driver.app.book.member(her.id).row.tags.contains(Contract.shared.tag)
    }

    /// Both coupons stand in the list of hers, and the card that was given out shows its code.
    private func couponsAreThere(_ driver: Driver, _ left: Left) async throws {
        try await driver.tap(words.coupons)
        for (worth, state) in [("¥100", CouponState.issued), ("¥50", .void)] {
            let rows = driver.reachable.flatMap(\.all).filter {
                $0.role == .button && $0.label.hasPrefix("\(worth) · \(her.name)")
            }
            XCTAssertEqual(rows.map { $0.label.hasSuffix(words.couponState(state)) }, [true], driver.text)
        }
        try await driver.tap("¥50 · \(her.name)")
        XCTAssertFalse(driver.shows(left.voided), "the code of a void coupon")
        try await driver.tap("‹")
        try await driver.tap("¥100 · \(her.name)")
        XCTAssertTrue(driver.shows(left.given), driver.text)
        XCTAssertTrue(driver.shows(words.couponUnsent), driver.text)
        try await driver.back()
    }

    /// Two phones of hers turn one tag; the one whose edit was earlier comes later.
    private nonisolated static func turnElsewhere(tag: String, of member: String, on: Bool) async throws {
        let other = try await Phone.enrolled()
        for state in [!on, on] { _ = try other.book.setTag(member: member, tag: tag, on: state) }
        _ = try await other.book.syncNow()
    }

    private func seesItLostAndAppliesItAgain(_ phone: WalkedPhone, _ driver: Driver, on: Bool) async throws {
        try await driver.tap(words.pill(driver.app.members!.pill, now: phone.phone.now))
        try await driver.tap(words.syncNow)
        XCTAssertTrue(driver.shows(words.nothingWaits), driver.text)
        let lost = words.edit(.tag, what: on ? tag : "-\(tag)")
        XCTAssertTrue(try driver.node("\(her.name)，\(lost)").label.contains("以后改的为准"), driver.text)
        let carries = try await carried(driver)
        XCTAssertEqual(carries, !on, "the later edit holds")
        try await driver.tap("\(her.name)，\(lost)")
        try await driver.tap(words.applyAgain)
        XCTAssertTrue(driver.shows(words.appliedAgain), driver.text)
        await driver.app.syncNow()
        await driver.settle()
        let again = try await carried(driver)
        XCTAssertEqual(again, on)
        try await driver.back()
    }

    private func headquartersHasHeard(_ driver: Driver, _ left: Left) async throws {
        try await driver.tap(words.coupons)
        try await driver.tap("¥100 · \(her.name)")
        XCTAssertTrue(driver.shows(left.given), driver.text)
        XCTAssertFalse(driver.shows(words.couponUnsent), driver.text)
        try await driver.tap(words.couponHandOver)
        XCTAssertTrue(driver.shows(words.couponHandedOver), driver.text)
        try await driver.back()
    }

    /// Another of her members becomes a colleague's while she looks at her.
    private func isHandedOver(_ driver: Driver) async throws {
        struct HandOver: Encodable {
            let from = "G0002", to = "G0001", kind = "on_job", effective = "at_once", dryRun = false
            let members: [String]
        }
        let gone = try XCTUnwrap(driver.app.members?.state.content?.rows.last { $0.id != her.id })
        driver.app.openMember(gone.id)
        await driver.settle()
        XCTAssertTrue(driver.shows(words.spendChart), driver.text)
        try await Headquarters.post("/hq/v1/handovers", HandOver(members: [gone.id]))
        await driver.app.syncNow()
        await driver.settle()
        XCTAssertTrue(driver.shows(words.memberGone), driver.text)
        try await driver.back()
        XCTAssertFalse(driver.rows.contains(gone.name))
    }

    /// HQ takes the phone back: nothing of the book is left on it.
    private func isWiped(_ phone: WalkedPhone) async throws {
        let driver = phone.driver
        try await Headquarters.revoke(device: driver.app.book.guide().device)
        await driver.app.syncNow()
        await driver.settle()
        XCTAssertTrue(driver.shows(words.wipedLead), driver.text)
        XCTAssertEqual(phone.remains, [])
    }
}

/// What another process says, line by line.
private final class Lines {
    struct Ended: Error {
        let before: String
    }

    private let handle: FileHandle
    private var rest = Data()

    init(_ handle: FileHandle) {
        self.handle = handle
    }

    /// What follows `beginning` in the next line that begins so.
    func after(_ beginning: String) throws -> String {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
                rest = rest[(end + 1)...]
                if line.hasPrefix(beginning) { return String(line.dropFirst(beginning.count)) }
            } else {
                let more = handle.availableData
                guard !more.isEmpty else { throw Ended(before: beginning) }
                rest += more
            }
        }
    }
}

extension XCTestCase {
    /// A folder that goes with the test.
    func freshFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        addTeardownBlock { try? FileManager.default.removeItem(at: folder) }
        return folder
    }
}
