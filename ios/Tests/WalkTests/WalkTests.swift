import Foundation
import Guidebook
import GuidebookCore
import GuidebookDriver
import GuidebookWalk
import XCTest

/// The ten jobs: every screen is read and tapped by its outline, over the real core, against a real server.
@MainActor
final class WalkTests: XCTestCase {
    private let words = WordsZh()
    private var her: String { Contract.shared.member.name }

    private func counted(_ driver: Driver, _ taps: Int, _ work: () async throws -> Void) async throws {
        driver.taps = 0
        try await work()
        XCTAssertEqual(driver.taps, taps)
    }

    func testTheTenJobs() async throws {
        let cable = try Cable.toServer()
        let phone = WalkedPhone(in: try freshFolder())
        let driver = phone.driver
        await driver.start()
        try await driver.enrol(server: cable.address, code: try await Headquarters.freshCode())
        XCTAssertTrue(driver.shows("位客人"), driver.text)

        try await counted(driver, 0) {
            try await driver.type("zm", into: words.searchHint)
            XCTAssertTrue(driver.rows.prefix(3).contains(her))
        }
        try await counted(driver, 1) {
            try await driver.tap(her)
            XCTAssertTrue(driver.shows(words.spendChart))
        }
        try await driver.back()
        try await counted(driver, 3) {
            try await driver.tap(words.tagsOf(her))
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
        try await driver.back()
        try await counted(driver, 2) {
            try await driver.tap(her)
            try await driver.tap(words.call)
            XCTAssertEqual(phone.phone.dialled, [Contract.shared.member.phone])
        }
        try await driver.back()
        try await driver.type("", into: words.searchHint)
        try await walkin(driver)
        try await whatWaits(phone, driver, cable)
        try await lostEdit(driver, cable)
        try await filter(driver)
        try await nextGuide(driver)
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
        try await driver.type(soon, into: words.walkinBirthdayField)
        try await driver.tap(words.walkinBoth(brand))
        driver.taps -= 1
        try await driver.tap(words.walkinAct)
        XCTAssertEqual(driver.taps, 2)
        XCTAssertTrue(driver.shows("赵一鸣"), driver.text)
        try await driver.tap(words.tagsAction)
        try await driver.tap("送礼")
        try await driver.tap(words.close)
        try await driver.back()
    }

    private func ownBrand(_ driver: Driver) async throws -> String? {
        let own = try await driver.app.book.guide().brand
        return try await driver.app.book.brands().first { $0.id == own }?.name
    }

    private func whatWaits(_ phone: WalkedPhone, _ driver: Driver, _ cable: Cable) async throws {
        cable.pull()
        _ = try await driver.app.book.writeNote(member: Contract.shared.member.id, text: "下次带样衣")
        await driver.settle()
        try await counted(driver, 1) {
            try await driver.tap(words.pill(driver.app.members!.pill, now: phone.phone.now))
            XCTAssertTrue(driver.shows(words.waiting))
            XCTAssertTrue(driver.shows("记录：下次带样衣"), driver.text)
        }
        try await driver.back()
    }

    /// Two phones of hers change one field; the one whose edit was earlier comes later.
    private func lostEdit(_ driver: Driver, _ cable: Cable) async throws {
        let member = Contract.shared.member.id
        _ = try await driver.app.book.setField(member: member, field: .sizeShoe, value: "38")
        try await Self.setShoeSizeElsewhere(of: member, to: "39")
        cable.plugIn()
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
        try await driver.back()
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
        XCTAssertTrue(driver.rows.contains("赵一鸣"), driver.text)
        XCTAssertTrue(driver.shows("送礼，且7 天内生日"), driver.text)
        try await driver.tap(words.clearFilter)
    }

    private func nextGuide(_ driver: Driver) async throws {
        let first = try await driver.app.book.guide().name
        try await driver.tap(words.settings)
        try await driver.tap(words.guides)
        try await driver.tap(words.guideAnother)
        try await driver.type(try await Headquarters.freshCode(for: "G0006"), into: words.enrolCode)
        try await driver.tap(words.enrolAct)
        XCTAssertFalse(driver.rows.contains("赵一鸣"), "another's member")
        try await counted(driver, 3) {
            try await driver.tap(words.settings)
            try await driver.tap(words.guides)
            try await driver.tap(first)
        }
        XCTAssertTrue(driver.shows(words.unlockLead), "her own door stands there")
        try await driver.tap(words.unlockAct)
        try await driver.type("赵一鸣", into: words.searchHint)
        XCTAssertEqual(driver.rows, ["赵一鸣"])
    }
}
