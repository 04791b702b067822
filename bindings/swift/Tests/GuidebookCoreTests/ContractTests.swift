import GuidebookCore
import XCTest

/// The whole path across the bridge, against a real server. What Rust has proved is not proved again.
final class ContractTests: XCTestCase {
    private let contract = Contract.shared

    func testAnEnrolledPhoneHoldsExactlyItsGuidesMembers() async throws {
        let phone = try Phone()
        XCTAssertEqual(try phone.book.state(), .empty)

        let guide = try await phone.enrol()
        XCTAssertEqual(guide.id, contract.guide)
        XCTAssertEqual(try phone.book.guide(), guide)
        XCTAssertEqual(try phone.book.state(), .open)

        let report = try await phone.book.syncNow()
        let total = try phone.book.list(request: listed()).total
        XCTAssertEqual(total, report.members)
        XCTAssertGreaterThanOrEqual(total, contract.members)
        let ids = try stride(from: 0, to: total, by: 50).flatMap { offset in
            try phone.book.list(request: listed(offset: offset)).rows.map(\.id)
        }
        let served = try await Headquarters.members(of: contract.guide)
        XCTAssertEqual(Set(ids), served)
    }

    func testAMemberIsFoundByNameInitialsAndLastFourDigits() async throws {
        let book = try await Phone.enrolled().book
        // 查美 reads Zha Mei.
        for typed in [contract.member.name, "zm", "zhamei", String(contract.member.phone.suffix(4))] {
            let rows = try book.list(request: listed(typed)).rows
            XCTAssertTrue(rows.contains { $0.id == contract.member.id }, typed)
        }
        let member = try book.member(member: contract.member.id)
        XCTAssertEqual(member.row.name, contract.member.name)
        let masked = "\(contract.member.phone.prefix(3))****\(contract.member.phone.suffix(4))"
        XCTAssertEqual(member.row.maskedPhone, masked)
        XCTAssertFalse(member.row.tags.isEmpty)
    }

    func testEditsOutliveTheBookThatTookThemAndReachHeadquarters() async throws {
        let phone = try await Phone.enrolled()
        let id = contract.member.id
        let carried = try phone.book.member(member: id).row.tags.contains(contract.tag)

        let note = try phone.book.writeNote(member: id, text: "喜欢蓝色 💙")
        let personal = try phone.book.makePersonalTag(name: "周末来")
        let her = try phone.book.enrolWalkIn(request: walkin("赵一鸣", "13912340001"))
        var edits = [
            try phone.book.setTag(member: id, tag: contract.tag, on: !carried),
            note,
            try phone.book.addFollowUp(member: id, text: "回电", due: "2099-12-31"),
            try phone.book.setField(member: id, field: .sizeShoe, value: "37"),
            try phone.book.setTag(member: id, tag: personal, on: true),
            her.edit,
        ]
        edits.append(try phone.book.undo(edit: edits[0]))

        try phone.restart()
        let book = phone.book
        XCTAssertEqual(try book.state(), .locked)
        try book.unlock()
        XCTAssertEqual(try book.syncState().waiting, UInt32(edits.count + 1))
        XCTAssertTrue(try edits.allSatisfy { try book.editFate(edit: $0).fate == .waiting })
        let reopened = try book.member(member: id)
        XCTAssertEqual(reopened.row.tags.contains(contract.tag), carried)
        XCTAssertTrue(reopened.row.tags.contains(personal))
        XCTAssertEqual(reopened.notes.filter { $0.id == note }.map(\.text), ["喜欢蓝色 💙"])
        XCTAssertEqual(reopened.fields, [FieldRow(field: .sizeShoe, value: "37")])
        XCTAssertEqual(try book.member(member: her.member).row.name, "赵一鸣")

        let report = try await book.syncNow()
        XCTAssertEqual(report.answered, UInt32(edits.count + 1))
        XCTAssertEqual(try edits.map { try book.editFate(edit: $0).fate }, edits.map { _ in .applied })
        XCTAssertEqual(try book.syncState().waiting, 0)
        let atHeadquarters = try await Headquarters.notes(of: id)
        XCTAssertTrue(atHeadquarters.contains(note))
    }

    func testARowSaysWhatWasFoundFiltersNarrowAndAMemberSaysWhatSheSpends() async throws {
        let book = try await Phone.enrolled().book
        let id = contract.member.id
        let row = try book.list(request: listed("zm")).rows.first { $0.id == id }
        XCTAssertEqual(row?.matches, [MatchSpan(field: .name, start: 0, length: 2)])
        XCTAssertEqual(row?.indexLetter, "Z")

        _ = try book.addFollowUp(member: id, text: "回访", due: "2020-01-01")
        let dueOnly = ListRequest(text: "", tags: "", order: .name, offset: 0, limit: 50, followUpDue: true)
        let due = try book.list(request: dueOnly).rows
        XCTAssertEqual(due.map(\.id), [id])
        XCTAssertEqual(due.map(\.nextFollowUp), ["2020-01-01"])
        let nearOnly = ListRequest(text: "", tags: "", order: .name, offset: 0, limit: 50, birthdayWithinDays: 30)
        let near = try book.list(request: nearOnly)
        XCTAssertTrue(near.total > 0 && near.rows.allSatisfy { $0.daysToBirthday.map { $0 <= 30 } ?? false })

        let member = try book.member(member: id)
        XCTAssertEqual(member.spendByMonth.count, 12)
        XCTAssertEqual(member.memberships.map(\.id), member.brands)
        let brands = try book.brands()
        XCTAssertTrue(member.memberships.allSatisfy(brands.contains))
        XCTAssertEqual(book.limits().note, 1000)
    }

    func testANumberIsShownOnRecordAndCodesAndNumbersAreRead() async throws {
        let book = try await Phone.enrolled().book
        let her = contract.member
        XCTAssertEqual(try book.revealPhone(member: her.id, reason: .call), her.phone)
        XCTAssertEqual(try book.editHistory(member: her.id, offset: 0, limit: 1).map(\.kind), [.reveal])
        _ = try await book.syncNow()
        let reasons = try await Headquarters.reveals(of: her.id, on: try book.guide().device)
        XCTAssertEqual(reasons, ["call"])

        XCTAssertEqual(try book.memberByPhone(phone: her.phone)?.id, her.id)
        XCTAssertEqual(try book.readCode(text: her.phone), .phone(phone: her.phone, member: her.id))
        XCTAssertEqual(try book.readCode(text: her.id), .member(member: her.id))
        let link = "guidebook://enrol?code=AB12CD34EF&server=https%3A%2F%2Fbook.example.cn"
        let read = CodeView.enrolment(code: "AB12CD34EF", server: "https://book.example.cn")
        XCTAssertEqual(try book.readCode(text: link), read)
        XCTAssertEqual(try book.readCode(text: "?"), .unknown)
    }

    func testAnEditThatWasUndoneIsAppliedAgainAndStandsInTheHistory() async throws {
        let book = try await Phone.enrolled().book
        let note = try book.writeNote(member: contract.member.id, text: "再来一次")
        _ = try book.undo(edit: note)
        let again = try book.applyAgain(edit: note)
        XCTAssertEqual(try book.editHistory(member: contract.member.id, offset: 0, limit: 1).map(\.id), [again])
        XCTAssertTrue(try book.editHistory(member: nil, offset: 0, limit: 50).map(\.id).contains(again))
        XCTAssertTrue(try book.member(member: contract.member.id).notes.map(\.id).contains(note))
    }

    func testTwoGuidesShareAPhoneAndSeeNothingOfEachOther() async throws {
        let phone = try await Phone.enrolled()
        let directory = phone.directory.path
        let first = phone.book.name()
        let second = try makeBook(directory: directory)
        let other = try phone.book.switchBook(book: second)
        XCTAssertEqual([try phone.book.state(), try other.state()], [.locked, .empty])
        let code = try await Headquarters.freshCode()
        _ = try await other.enrol(request: EnrolRequest(server: contract.server, code: code, deviceName: "Second"))
        XCTAssertEqual(Set(phone.vault.keys.keys), [first, second])
        XCTAssertEqual(try other.list(request: listed()).total, 0)
        XCTAssertEqual(try books(directory: directory), [second, first])
        XCTAssertEqual(try other.switchBook(book: first).state(), .open)
        XCTAssertEqual(try other.state(), .locked)
    }

    func testHeadquartersChangeArrivesAndTheObserverHearsOfIt() async throws {
        let phone = try await Phone.enrolled()
        let before = phone.observer.heard.count
        try await Headquarters.rename(tag: contract.tag, to: "节日送礼")

        _ = try await phone.book.syncNow()
        let tags = try phone.book.tagGroups().flatMap(\.tags)
        XCTAssertEqual(tags.filter { $0.id == contract.tag }.map(\.name), ["节日送礼"])
        let heard = phone.observer.heard.dropFirst(before)
        XCTAssertTrue(heard.contains(.dictionary))
        XCTAssertTrue(heard.contains(.syncState))

        _ = try phone.book.writeNote(member: contract.member.id, text: "来过")
        XCTAssertTrue(phone.observer.heard.contains(.members(members: [contract.member.id])))
        phone.book.lock()
        XCTAssertEqual(phone.observer.heard.last, .book)
    }

    func testALiveBookIsToldOfHeadquartersChangeWithoutAsking() async throws {
        let phone = try await Phone.enrolled()
        phone.book.setLive(on: true)
        try await Headquarters.rename(tag: contract.tag, to: "随时送礼")
        let came = try phone.observer.until {
            try phone.book.tagGroups().flatMap(\.tags).contains { $0.id == contract.tag && $0.name == "随时送礼" }
        }
        XCTAssertTrue(came)
        phone.book.setLive(on: false)
    }

    func testAnObserverMayAskTheBookFromWithinTheCall() async throws {
        final class Asking: BookObserver, @unchecked Sendable {
            let book: Guidebook
            var seen = 0

            init(_ book: Guidebook) {
                self.book = book
            }

            func changed(change: BookChange) {
                guard case .members(let members) = change, let member = members.first else { return }
                seen = (try? book.member(member: member).notes.count) ?? -1
            }
        }
        let phone = try await Phone.enrolled()
        let asking = Asking(phone.book)
        phone.book.observe(observer: asking)
        _ = try phone.book.writeNote(member: contract.member.id, text: "问一下")
        XCTAssertEqual(asking.seen, try phone.book.member(member: contract.member.id).notes.count)
        phone.book.observe(observer: nil)
    }

    func testTheClockIsTheShells() async throws {
        final class Later: WallClock, @unchecked Sendable {
            private let lock = NSLock()
            private var count = 0

            var asked: Int {
                lock.withLock { count }
            }

            func nowMs() -> UInt64 {
                lock.withLock { count += 1 }
                return 4_000_000_000_000
            }
        }
        let clock = Later()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let book = try Guidebook.open(request: OpenRequest(directory: folder.path), keys: MemoryVault(), clock: clock)
        let code = try await Headquarters.freshCode()
        _ = try await book.enrol(request: EnrolRequest(server: contract.server, code: code, deviceName: "Swift"))
        XCTAssertGreaterThan(clock.asked, 0)
    }

    func testACancelledSyncHarmsNothing() async throws {
        let book = try await Phone.enrolled().book
        let note = try book.writeNote(member: contract.member.id, text: "只写一次")

        let cancelled = Task { try await book.syncNow() }
        cancelled.cancel()
        _ = try? await cancelled.value

        _ = try await book.syncNow()
        XCTAssertEqual(try book.editFate(edit: note).fate, .applied)
        let notes = try book.member(member: contract.member.id).notes
        XCTAssertEqual(notes.filter { $0.text == "只写一次" }.map(\.id), [note])
        let atHeadquarters = try await Headquarters.notes(of: contract.member.id)
        XCTAssertEqual(atHeadquarters.filter { $0 == note }.count, 1)
    }
}
