import Foundation
import Guidebook
import GuidebookFakes
import XCTest

final class WordsTests: XCTestCase {
    func testMoneyIsGroupedAndWholeYuanHaveNoFen() {
        let words = WordsZh()
        let said = [0, 5, 99, 100, 123_450, 100_000_000, -12_345].map { words.money(Int64($0)) }
        XCTAssertEqual(said, ["¥0", "¥0.05", "¥0.99", "¥1", "¥1,234.50", "¥1,000,000", "-¥123.45"])
    }

    func testEveryProblemHasWordsOfItsOwn() {
        let problems: [Problem] = [
            .offline, .signedOut, .locked, .wrongKey, .notFound, .invalid(field: "note", reason: .empty),
            .alreadyMember(member: "M1"), .storageFull, .storageFault, .upgradeNeeded, .busy(comeBackSeconds: 7), .wiped,
        ]
        for words in [WordsZh(), WordsEn()] as [any Words] {
            XCTAssertEqual(Set(problems.map(words.problem)).count, problems.count)
            XCTAssertFalse(problems.map(words.problem).contains { $0.isEmpty || $0.contains("M1") || $0.contains("note") })
        }
    }

    func testDaysAreCountedAcrossMonthsAndLeapYears() {
        XCTAssertEqual(Day("2028-02-28")!.adding(days: 2), Day("2028-03-01"))
        XCTAssertEqual(Day("2026-12-30")!.days(until: Day("2027-01-02")!), 3)
        for bad in ["", "2026-13-01", "2026-1", "abc", "2026-01-32"] { XCTAssertNil(Day(bad), bad) }
    }
}
