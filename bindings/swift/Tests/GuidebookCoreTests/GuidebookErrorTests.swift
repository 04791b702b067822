import GuidebookCore
import XCTest

/// Every variant of `GuidebookError`, each brought about by what brings it about in life.
final class GuidebookErrorTests: XCTestCase {
    private let contract = Contract.shared

    private func assert<T>(
        _ expected: GuidebookError, line: UInt = #line, _ call: () async throws -> T
    ) async {
        do {
            _ = try await call()
            XCTFail("nothing was thrown", line: line)
        } catch {
            XCTAssertEqual(error as? GuidebookError, expected, line: line)
        }
    }

    private func enrol(_ phone: Phone, at server: String) async throws -> GuideView {
        try await phone.book.enrol(request: EnrolRequest(server: server, code: "ABCD-EFGH", deviceName: "Swift"))
    }

    func testWithoutAnAnswerItIsOffline() async throws {
        let phone = try Phone()
        await assert(.Offline) { try await enrol(phone, at: "http://127.0.0.1:1") }
        XCTAssertEqual(try phone.book.state(), .unenrolled)
    }

    func testWithoutABookItIsSignedOut() async throws {
        let phone = try Phone()
        await assert(.SignedOut) { try phone.book.unlock() }
    }

    func testALockedBookIsLocked() async throws {
        let phone = try await Phone.enrolled()
        phone.book.lock()
        await assert(.Locked) { try phone.book.list(request: listed()) }
        await assert(.Locked) { try await phone.book.syncNow() }
    }

    func testAnotherKeyIsAWrongKeyAndHarmsNothing() async throws {
        let phone = try await Phone.enrolled()
        let keys = phone.vault.keys
        try phone.restart()
        phone.vault.keys = [phone.book.name(): Data(repeating: 7, count: 32)]
        await assert(.WrongKey) { try phone.book.unlock() }
        phone.vault.keys = keys
        try phone.book.unlock()
        XCTAssertEqual(try phone.book.member(member: contract.member.id).row.name, contract.member.name)
    }

    func testWhatIsNotInTheBookIsNotFound() async throws {
        let phone = try await Phone.enrolled()
        await assert(.NotFound) { try phone.book.member(member: "M-nobody") }
        await assert(.NotFound) { try phone.book.writeNote(member: "M-nobody", text: "在吗") }
    }

    func testABrokenRuleIsInvalidAndSaysWhichAndWhy() async throws {
        let phone = try await Phone.enrolled()
        let book = phone.book
        let id = contract.member.id
        await assert(.Invalid(field: "note", reason: .empty)) { try book.writeNote(member: id, text: "") }
        await assert(.Invalid(field: "note", reason: .tooLong(limit: 1_000))) {
            try book.writeNote(member: id, text: String(repeating: "长", count: 1_001))
        }
        await assert(.Invalid(field: "due", reason: .malformed)) {
            try book.addFollowUp(member: id, text: "回电", due: "明天")
        }
        await assert(.Invalid(field: "tag", reason: .unknown)) { try book.setTag(member: id, tag: "T-nothing", on: true) }
        await assert(.Invalid(field: "tag", reason: .hqOnly)) {
            try book.setTag(member: id, tag: contract.hqOnlyTag, on: true)
        }
        await assert(.Invalid(field: "name", reason: .sensitive(topic: .health))) {
            try book.makePersonalTag(name: "糖尿病")
        }
        await assert(.Invalid(field: "membership", reason: .noConsent)) {
            try book.enrolWalkIn(request: walkin("钱二", "13912340002", agrees: false))
        }
    }

    func testANumberThatHeadquartersKnowsIsAlreadyMemberAndSaysWhose() async throws {
        let phone = try await Phone.enrolled()
        await assert(.AlreadyMember(member: contract.member.id)) {
            try phone.book.enrolWalkIn(request: walkin("孙三", contract.member.phone))
        }
    }

    func testAFullDiskIsStorageFullAndTheBookGoesOnWhenThereIsRoom() async throws {
        guard let disk = ProcessInfo.processInfo.environment["GUIDEBOOK_SMALL_DISK"] else {
            throw XCTSkip("no small disk: see with-small-disk.sh")
        }
        let folder = URL(fileURLWithPath: disk)
        let phone = try await Phone.enrolled(in: folder.appendingPathComponent("swift"))
        let filler = folder.appendingPathComponent("filler")
        FileManager.default.createFile(atPath: filler.path, contents: nil)
        let file = try FileHandle(forWritingTo: filler)
        XCTAssertThrowsError(try { while true { try file.write(contentsOf: Data(count: 4096)) } }())
        try file.close()
        var written: [String] = []
        await assert(.StorageFull) {
            for _ in 0..<5_000 { written.append(try phone.book.writeNote(member: contract.member.id, text: "写")) }
        }

        try FileManager.default.removeItem(at: filler)
        written.append(try phone.book.writeNote(member: contract.member.id, text: "又能写了"))
        XCTAssertEqual(Set(try phone.book.editHistory(member: nil, offset: 0, limit: 50).map(\.id)), Set(written.suffix(50)))
        XCTAssertEqual(try phone.book.syncState().waiting, UInt32(written.count))
    }

    func testAKeyStoreThatDoesNotAnswerIsAStorageFault() async throws {
        let phone = try Phone()
        phone.vault.fail()
        await assert(.StorageFault) { try phone.book.state() }
        await assert(.StorageFault) { try phone.restart() }
    }

    func testAKeyStoreThatThrowsSomethingElseIsAStorageFaultToo() async throws {
        final class Odd: KeyVault {
            func load(book: String) throws -> Data? { throw CancellationError() }
            func save(book: String, key: Data) throws {}
            func erase(book: String) throws {}
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        await assert(.StorageFault) {
            try Guidebook.open(request: OpenRequest(directory: folder), keys: Odd(), clock: nil)
        }
    }

    func testABookOfALaterVersionIsUpgradeNeeded() async throws {
        let phone = try await Phone.enrolled()
        phone.book.lock()
        // SQLite keeps user_version as 4 bytes, big-endian, at offset 60 of the file.
        let file = try FileHandle(forUpdating: phone.directory.appendingPathComponent(phone.book.name() + "/book.db"))
        try file.seek(toOffset: 60)
        try file.write(contentsOf: Data([0, 0, 0, 99]))
        try file.close()
        await assert(.UpgradeNeeded) { try phone.book.unlock() }
    }

    func testAServerThatAsksForPatienceIsBusyAndSaysForHowLong() async throws {
        let phone = try Phone()
        let port = try answerOnce(status: "503 Service Unavailable", json: #"{"error":"busy","come_back_s":7}"#)
        await assert(.Busy(comeBackS: 7)) { try await enrol(phone, at: "http://127.0.0.1:\(port)") }
    }

    func testARevokedPhoneIsWipedAndKeepsNothing() async throws {
        let phone = try await Phone.enrolled()
        try await Headquarters.revoke(device: phone.book.guide().device)
        await assert(.Wiped) { try await phone.book.syncNow() }
        XCTAssertEqual(try phone.book.state(), .empty)
        XCTAssertEqual(phone.vault.keys, [:])
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: phone.directory.path), [])
    }
}
