import GuidebookCore
import XCTest

/// A coupon across the bridge, against a real server, and read by somebody who shares nothing with the core.
final class CouponTests: XCTestCase {
    private let member = Contract.shared.member.id

    private func left(_ phone: Phone, _ campaign: String) throws -> UInt32? {
        try phone.book.campaigns().first { $0.id == campaign }?.values.first?.left
    }

    private func issue(_ phone: Phone, _ campaign: String) throws -> CouponCard {
        try phone.book.issueCoupon(request: IssueRequest(member: member, campaign: campaign, value: 5000))
    }

    func testACouponIsGivenOutOfflineTakenBackAndKnownAtHeadquarters() async throws {
        try await Headquarters.makeCampaign("sw-1", perMember: 2)
        let phone = try await Phone.enrolled()
        XCTAssertEqual(try left(phone, "sw-1"), 30)

        let first = try issue(phone, "sw-1")
        XCTAssertTrue(phone.observer.heard.contains(.coupons))
        try phone.book.handOverCoupon(coupon: first.row.id)
        let second = try issue(phone, "sw-1")
        XCTAssertNotEqual(first.code, second.code)
        let limit = CouponProblem.memberLimit(limit: 2)
        XCTAssertEqual(try phone.book.checkCoupon(member: member, campaign: "sw-1", value: 5000), limit)
        XCTAssertThrowsError(try issue(phone, "sw-1")) { error in
            guard case .Invalid(_, let reason) = error as? GuidebookError else { return XCTFail("\(error)") }
            XCTAssertEqual(reason, .notIssuable(problem: limit))
        }
        _ = try phone.book.voidCoupon(coupon: second.row.id)
        XCTAssertNil(try phone.book.checkCoupon(member: member, campaign: "sw-1", value: 5000))

        _ = try await phone.book.syncNow()
        XCTAssertEqual(try phone.book.coupons(offset: 0, limit: 50).map(\.status), [.void, .handedOver])
        let codes = try await Headquarters.codes(of: "sw-1")
        XCTAssertEqual([codes.issued, codes.void], [1, 1])
    }

    func testATillReadsOnTheCardWhatThePhoneSaysOfIt() async throws {
        try await Headquarters.makeCampaign("sw-2", perMember: 5)
        let phone = try await Phone.enrolled()
        let card = try issue(phone, "sw-2")
        let says = try CouponReader.read(card.voucher)
        XCTAssertEqual(CouponReader.grouped(says.code), card.code)
        XCTAssertEqual(try CouponReader.parse(card.code.lowercased()), says.code)
        XCTAssertEqual([says.value, says.capFen, says.leastSpendFen, says.store], [5000, 0, 0, 0])
        XCTAssertEqual(says.kind, "amount")
        XCTAssertEqual(card.row.worth, .amount(fen: 5000))
        // A voucher is signed before anybody knows when it is given out, so it lasts a little longer.
        XCTAssertGreaterThanOrEqual(says.lastDay, card.row.lastDay)
    }

    func testWithoutMarksNothingIsGivenOut() async throws {
        try await Headquarters.makeCampaign("sw-3", perMember: 5)
        let phone = try await Phone.enrolled()
        _ = try issue(phone, "sw-3")
        phone.marks.works(false)
        XCTAssertThrowsError(try issue(phone, "sw-3")) { error in
            guard case .StorageFault = error as? GuidebookError else { return XCTFail("\(error)") }
        }
        phone.marks.works(true)
        XCTAssertEqual(try left(phone, "sw-3"), 29)
    }
}
