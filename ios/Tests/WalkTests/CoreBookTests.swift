import Foundation
import Guidebook
import GuidebookFakes
import GuidebookOverCore
import XCTest

/// What the adapter makes of the core's words.
final class CoreBookTests: XCTestCase {
    private func enrolled(_ vault: MemoryVault = MemoryVault()) async throws -> (CoreBook, URL) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        addTeardownBlock { try? FileManager.default.removeItem(at: folder) }
        let book = CoreBook(directory: folder.path, keys: vault, kept: KeptInMemory())
        _ = try await book.enrol(
            server: Contract.shared.server, code: try await Headquarters.freshCode(), deviceName: "ios")
        try await book.syncNow()
        return (book, folder)
    }

    func testAMemberComesWithAllThatAScreenShows() async throws {
        let (book, _) = try await enrolled()
        let member = try await book.member(Contract.shared.member.id)
        XCTAssertEqual(member.row.name, Contract.shared.member.name)
        XCTAssertEqual(member.row.indexLetter, "Z")
        XCTAssertEqual(member.spendByMonth.count, 12)
        XCTAssertNotNil(member.store)
        XCTAssertFalse(member.purchases.isEmpty)
        XCTAssertEqual(member.orders > 0, member.row.spendFen > 0)
    }

    func testWhatTheCoreRefusesIsAProblemOfTheModels() async throws {
        let (book, _) = try await enrolled()
        let id = Contract.shared.member.id
        await assert(.notFound) { _ = try await book.member("M-nobody") }
        await assert(.invalid(field: "note", reason: .tooLong(limit: 1_000))) {
            _ = try await book.writeNote(member: id, text: String(repeating: "长", count: 1_001))
        }
        await assert(.invalid(field: "name", reason: .sensitive(.health))) {
            _ = try await book.makePersonalTag(name: "糖尿病")
        }
        var walkin = Walkin()
        walkin.name = "孙三"
        walkin.phone = Contract.shared.member.phone
        walkin.membership = true
        let request = walkin
        await assert(.alreadyMember(member: id)) { _ = try await book.enrolWalkin(request) }
        try await book.lock()
        await assert(.locked) { _ = try await book.list(ListRequest()) }
    }

    func testLimitsAreTheCores() async throws {
        let (book, _) = try await enrolled()
        let limits = try await book.limits()
        XCTAssertEqual(
            [limits.note, limits.tagName, limits.remarkName, limits.preferences, limits.size], [1_000, 30, 30, 500, 20])
    }

    func testANumberThatSheHasFindsHer() async throws {
        let (book, _) = try await enrolled()
        let phone = Contract.shared.member.phone
        let known = try await book.memberByPhone(phone)
        XCTAssertEqual(known?.id, Contract.shared.member.id)
        let code = try await book.readCode(phone)
        XCTAssertEqual(code, .phone(phone, member: Contract.shared.member.id))
        let nobody = try await book.memberByPhone("13900000000")
        XCTAssertNil(nobody)
    }

    private func assert(_ problem: Problem, line: UInt = #line, _ call: () async throws -> Void) async {
        do {
            try await call()
            XCTFail("nothing was thrown", line: line)
        } catch {
            XCTAssertEqual(error as? Problem, problem, line: line)
        }
    }
}
