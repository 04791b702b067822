import Guidebook
import GuidebookFakes
import XCTest

final class MemberFilterTests: XCTestCase {
    private let groups = FakeBook.groups

    private func filter(_ turns: [(tag: Int, group: Int)]) -> MemberFilter {
        var filter = MemberFilter()
        for turn in turns { filter.turn(groups[turn.group].tags[turn.tag], in: groups[turn.group]) }
        return filter
    }

    func testTagsOfOneGroupAreOrAndGroupsAreAnd() {
        XCTAssertEqual(filter([(0, 0), (1, 0), (0, 1)]).expression, "(T1 OR T2) AND (T4)")
    }

    func testATagThatIsTurnedTwiceIsNotWanted() {
        let one = filter([(1, 2), (1, 2), (0, 0)])
        XCTAssertEqual(one.expression, "(T1) AND NOT T7")
        XCTAssertEqual(one.choice(of: groups[2].tags[1]), .without)
        XCTAssertEqual(one.sentence(WordsZh()), "送礼，且不是沉睡")
        XCTAssertEqual(one.sentence(WordsEn()), "送礼, and not 沉睡")
    }

    func testATagThatIsTurnedThreeTimesIsAsBefore() {
        XCTAssertTrue(filter([(0, 0), (0, 0), (0, 0)]).isEmpty)
        XCTAssertEqual(filter([(0, 0), (0, 0), (0, 0)]).expression, "")
    }

    func testTheSentenceNamesBirthdaysAndFollowUpsToo() {
        var one = filter([(0, 2)])
        one.birthdayThisWeek = true
        one.followUpDue = true
        XCTAssertEqual(one.sentence(WordsZh()), "VIP，且7 天内生日，且跟进到期")
    }
}
