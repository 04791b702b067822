import Foundation
import Guidebook
import GuidebookCore
import GuidebookDriver
import GuidebookFakes
import XCTest

/// A day with the phone: every screen is read and tapped by its outline, over the real core, against a real server.
@MainActor
final class WalkTests: XCTestCase {
    private let words = WordsZh()
    private var her: String { Contract.shared.member.name }

    private func enrolled(_ phone: WalkedPhone) async throws -> Driver {
        let driver = phone.driver
        await driver.start()
        try await driver.type(phone.server, into: words.enrolServer)
        try await driver.type(try await Headquarters.freshCode(), into: words.enrolCode)
        try await driver.tap(words.enrolAct)
        XCTAssertTrue(driver.shows("位会员"), driver.text)
        return driver
    }

    private func counted(_ driver: Driver, _ taps: Int, _ work: () async throws -> Void) async throws {
        driver.taps = 0
        try await work()
        XCTAssertEqual(driver.taps, taps)
    }

    private func back(_ driver: Driver) async throws {
        while !driver.app.stack.isEmpty { try await driver.tap("‹") }
    }

    /// Names of the rows, from the top.
    private func rows(_ driver: Driver) -> [String] {
        driver.app.members?.state.content?.rows.map(\.name) ?? []
    }

    func testADayWithThePhone() async throws {
        let phone = try WalkedPhone()
        var driver = try await enrolled(phone)

        // She is found by her initials, and what was typed stands out.
        try await driver.type("zm", into: words.searchHint)
        XCTAssertTrue(rows(driver).prefix(3).contains(her))
        XCTAssertTrue(driver.text.contains("«\(her)»"), driver.text)

        // Without a network she is tagged, and it is seen at once.
        phone.cable.pull()
        try await driver.tap(words.tagHer(her))
        let tag = try XCTUnwrap(
            driver.reachable.flatMap(\.all).first { $0.role == .button && !$0.selected && $0.label == "通勤" })
        try await driver.tap(tag.label)
        XCTAssertTrue(driver.shows(words.tagOn("通勤")))
        XCTAssertTrue(try driver.node("通勤").selected)
        try await driver.tap(words.close)
        XCTAssertTrue(driver.shows("1 条待发送"), driver.text)
        await driver.app.syncNow()
        await driver.settle()
        XCTAssertTrue(driver.shows(words.pill(.offlineWaiting(1), now: phone.phone.now)), driver.text)

        // The process dies; behind the lock all is as it was.
        await phone.killAndReopen()
        driver = phone.driver
        XCTAssertTrue(driver.shows(words.unlockLead))
        try await driver.tap(words.unlockAct)
        XCTAssertTrue(driver.shows("1 条待发送"), driver.text)

        // The network is back: what waited is delivered.
        phone.cable.plugIn()
        try await driver.tap(words.pill(driver.app.members!.pill, now: phone.phone.now))
        try await driver.tap(words.syncNow)
        XCTAssertTrue(driver.shows(words.nothingWaits), driver.text)
        XCTAssertTrue(driver.shows(words.fate(.applied, now: phone.phone.now)), driver.text)
        try await back(driver)

        // HQ takes the phone back: nothing of the book is left on it.
        try await Headquarters.revoke(device: driver.app.book.guide().device)
        await driver.app.syncNow()
        await driver.settle()
        XCTAssertTrue(driver.shows(words.wipedLead), driver.text)
        XCTAssertEqual(phone.vault.keys, [:])
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: phone.directory.path), [])

        XCTAssertGreaterThan(phone.count.calls, 50)
        XCTAssertEqual(phone.count.callsOnMain, 0, "calls to the core on the main thread")
    }

    func testTheTenJobs() async throws {
        let phone = try WalkedPhone()
        let driver = try await enrolled(phone)

        try await counted(driver, 0) {
            try await driver.type("zm", into: words.searchHint)
            XCTAssertTrue(rows(driver).prefix(3).contains(her))
        }
        try await counted(driver, 1) {
            try await driver.tap(her)
            XCTAssertTrue(driver.shows(words.spendChart))
        }
        try await back(driver)
        try await counted(driver, 3) {
            try await driver.tap(words.tagHer(her))
            try await driver.tap("送礼")
            try await driver.tap(words.close)
        }
        try await counted(driver, 2) {
            try await driver.tap(her)
            try await driver.tap(words.note)
            XCTAssertTrue(try driver.node(words.noteHint).focused, "the cursor is in the note")
        }
        try await driver.type("喜欢蓝色", into: words.noteHint)
        try await driver.tap(words.save)
        XCTAssertTrue(driver.shows("喜欢蓝色"))
        try await back(driver)
        try await counted(driver, 2) {
            try await driver.tap(her)
            try await driver.tap(words.call)
            XCTAssertEqual(phone.phone.dialled, [Contract.shared.member.phone])
        }
        try await back(driver)
        try await driver.type("", into: words.searchHint)
        try await walkin(driver)
        try await whatWaits(phone, driver)
        try await lostEdit(phone, driver)
        try await filter(driver)
        try await handOver(phone, driver)
        XCTAssertEqual(phone.count.callsOnMain, 0, "calls to the core on the main thread")
    }

    private func walkin(_ driver: Driver) async throws {
        let own = try await ownBrand(driver)
        let brand = try XCTUnwrap(own)
        try await driver.tap(words.walkin)
        driver.taps = 1
        // Consent is a field of hers, as her name is.
        try await driver.type("赵一鸣", into: words.walkinName)
        try await driver.type("13912340077", into: words.walkinPhone)
        let soon = Day(Date()).adding(days: 2).text.suffix(5).replacingOccurrences(of: "-", with: "")
        try await driver.type(soon, into: words.walkinBirthday)
        try await driver.tap(words.walkinBoth(brand))
        driver.taps -= 1
        try await driver.tap(words.walkinAct)
        XCTAssertEqual(driver.taps, 2)
        XCTAssertTrue(driver.shows("赵一鸣"), driver.text)
        try await driver.tap(words.tagsAction)
        try await driver.tap("送礼")
        try await driver.tap(words.close)
        try await back(driver)
    }

    private func ownBrand(_ driver: Driver) async throws -> String? {
        let own = try await driver.app.book.guide().brand
        return try await driver.app.book.brands().first { $0.id == own }?.name
    }

    private func whatWaits(_ phone: WalkedPhone, _ driver: Driver) async throws {
        phone.cable.pull()
        _ = try await driver.app.book.writeNote(member: Contract.shared.member.id, text: "下次带样衣")
        await driver.settle()
        try await counted(driver, 1) {
            try await driver.tap(words.pill(driver.app.members!.pill, now: phone.phone.now))
            XCTAssertTrue(driver.shows(words.waiting))
            XCTAssertTrue(driver.shows("记录：下次带样衣"), driver.text)
        }
        try await back(driver)
    }

    /// Two phones of hers change one field; the one whose edit was earlier comes later.
    private func lostEdit(_ phone: WalkedPhone, _ driver: Driver) async throws {
        let member = Contract.shared.member.id
        _ = try await driver.app.book.setField(member: member, field: .sizeShoe, value: "38")
        try await Self.setShoeSizeElsewhere(of: member, to: "39")
        phone.cable.plugIn()
        await driver.app.syncNow()
        await driver.settle()
        XCTAssertTrue(driver.shows(words.pill(.needsHer(1), now: Date())), driver.text)

        try await counted(driver, 3) {
            try await driver.tap(words.pill(.needsHer(1), now: Date()))
            try await driver.tap("\(her)，" + words.edit(.field, what: "38"))
            XCTAssertTrue(driver.shows("39"), "what holds is said")
            try await driver.tap(words.applyAgain)
        }
        XCTAssertTrue(driver.shows(words.appliedAgain), driver.text)
        try await back(driver)
        await driver.app.syncNow()
        await driver.settle()
        XCTAssertFalse(driver.shows(words.pill(.needsHer(1), now: Date())))
        let elsewhere = try await Self.shoeSizeElsewhere(of: member)
        XCTAssertEqual(elsewhere, "38")
    }

    private nonisolated static func setShoeSizeElsewhere(of member: String, to size: String) async throws {
        let other = try await Phone.enrolled()
        _ = try other.book.setField(member: member, field: .sizeShoe, value: size)
        _ = try await other.book.syncNow()
    }

    private nonisolated static func shoeSizeElsewhere(of member: String) async throws -> String? {
        let book = try await Phone.enrolled().book
        return try book.member(member: member).fields.first { $0.field == .sizeShoe }?.value
    }

    private func filter(_ driver: Driver) async throws {
        try await counted(driver, 4) {
            try await driver.tap(words.filter)
            try await driver.tap("送礼")
            try await driver.tap(words.filterBirthday)
            try await driver.tap("显示")
        }
        XCTAssertTrue(rows(driver).contains("赵一鸣"), driver.text)
        XCTAssertTrue(driver.shows("送礼，且7 天内生日"), driver.text)
        try await driver.tap(words.filterReset)
    }

    private func handOver(_ phone: WalkedPhone, _ driver: Driver) async throws {
        let first = try await driver.app.book.guide().name
        try await driver.tap(words.settings)
        try await driver.tap(words.guides)
        try await driver.tap(words.guideAnother)
        try await driver.type(try await Headquarters.freshCode(for: "G0006"), into: words.enrolCode)
        try await driver.tap(words.enrolAct)
        XCTAssertFalse(rows(driver).contains("赵一鸣"), "another's member")
        try await counted(driver, 3) {
            try await driver.tap(words.settings)
            try await driver.tap(words.guides)
            try await driver.tap(first)
        }
        XCTAssertTrue(driver.shows(words.unlockLead), "her own door stands there")
        try await driver.tap(words.unlockAct)
        try await driver.type("赵一鸣", into: words.searchHint)
        XCTAssertEqual(rows(driver), ["赵一鸣"])
    }
}
