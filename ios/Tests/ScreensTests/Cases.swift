import Foundation
import Guidebook
import GuidebookDriver
import GuidebookFakes

/// A screen in a state, and how to get there.
struct Case {
    let name: String
    var wide = false
    var book: @Sendable (inout FakeBook.Shown) -> Void = { _ in }
    /// Before the app starts.
    var before: @MainActor (FakeBook, FakePhone) async -> Void = { _, _ in }
    var steps: @MainActor (Driver, any Words) async throws -> Void = { _, _ in }
    /// The app is not waited for: a screen that waits is to be seen.
    var waits = false

    @MainActor
    func driver(_ language: Language) async throws -> Driver {
        var shown = FakeBook.Shown()
        shown.members = [FakeBook.full(), FakeBook.bare(id: "M2", name: "张三")]
        shown.sync.lastContact = FakeBook.now.addingTimeInterval(-120)
        book(&shown)
        let fake = FakeBook(shown)
        let phone = FakePhone()
        await before(fake, phone)
        let app = AppModel(book: fake, services: phone.services(language: language.rawValue))
        let driver = Driver(app: app, wide: wide)
        Self.alive.append((fake, phone))
        if waits {
            await app.start()
            if case .unlock(let door) = app.phase { door.unlock() }
            for _ in 0..<1_000 where app.members == nil { await Task.yield() }
        } else {
            await driver.start()
            // Who starts with an open book has passed its door.
            if shown.state == .open || shown.state == .hidden, driver.shows(language.words.unlockLead) {
                try await driver.tap(language.words.unlockAct)
            }
            try await steps(driver, language.words)
        }
        return driver
    }

    @MainActor static var alive: [(FakeBook, FakePhone)] = []
}

private func manyMembers() -> [Member] {
    (0..<120).map { number in
        var row = MemberRow(id: "M\(number)", name: "会员\(number)")
        row.maskedPhone = "138****\(1000 + number)"
        row.level = "普卡"
        row.tags = ["T2"]
        row.lastPurchase = Day("2026-10-0\(number % 9 + 1)")
        return Member(row: row)
    }
}

private let door: [Case] = [
    Case(name: "Enrol", book: { $0.state = .empty }),
    Case(
        name: "Enrol-scanned",
        book: {
            $0.state = .empty
            $0.code = .enrolment(code: "ABCD-EFGH", server: "https://hq")
        },
        before: { $1.scanned = "x" }, steps: { driver, words in try await driver.tap(words.enrolScan) }),
    Case(
        name: "Enrol-offline",
        book: {
            $0.state = .empty
            $0.syncProblem = .offline
        },
        steps: { driver, words in
            try await driver.type("https://hq", into: words.enrolServer)
            try await driver.type("ABCD-EFGH", into: words.enrolCode)
            try await driver.tap(words.enrolAct)
        }),
    Case(name: "Unlock-locked", book: { $0.state = .locked }),
    Case(
        name: "Unlock-refused", book: { $0.state = .locked }, before: { $1.answer = .refused },
        steps: { driver, words in try await driver.tap(words.unlockAct) }),
    Case(
        name: "Unlock-lockedOut", book: { $0.state = .locked }, before: { $1.answer = .lockedOut },
        steps: { driver, words in try await driver.tap(words.unlockAct) }),
    Case(
        name: "Unlock-wrongKey",
        book: {
            $0.state = .locked
            $0.unlockProblem = .wrongKey
        },
        steps: { driver, words in try await driver.tap(words.unlockAct) }),
    Case(
        name: "Unlock-wiped",
        book: {
            $0.state = .locked
            $0.unlockProblem = .wiped
        },
        steps: { driver, words in try await driver.tap(words.unlockAct) }),
    Case(name: "Unlock-hidden", book: { $0.state = .hidden }),
    Case(
        name: "Unlock-hidden-offline",
        book: {
            $0.state = .hidden
            $0.syncProblem = .offline
        },
        steps: { driver, words in try await driver.tap(words.hiddenAct) }),
    Case(
        name: "Unlock-broken",
        book: {
            $0.state = .locked
            $0.unlockProblem = .storageFault
        },
        steps: { driver, words in try await driver.tap(words.unlockAct) }),
    Case(name: "Cover", steps: { driver, _ in driver.app.leave() }),
    Case(
        name: "Cover-sheet",
        steps: { driver, words in
            try await driver.tap(words.tagsOf("张三"))
            driver.app.leave()
        }),
]

private let members: [Case] = [
    Case(name: "Members"),
    Case(name: "Members-loading", before: { book, _ in await book.hold() }, waits: true),
    Case(name: "Members-empty", book: { $0.members = [] }),
    Case(name: "Members-notFound", steps: { driver, words in try await driver.type("zzz", into: words.searchHint) }),
    Case(name: "Members-search", steps: { driver, words in try await driver.type("查", into: words.searchHint) }),
    Case(name: "Members-byName", steps: { driver, words in try await driver.tap(words.order(.name)) }),
    Case(name: "Members-many", book: { $0.members = manyMembers() }),
    Case(
        name: "Members-longNames",
        book: { shown in
            var long = FakeBook.full(name: FakeBook.longName)
            long.row.remarkName = "那位每次都要试很久但是最后一定会买下来的老客户"
            shown.members = [long]
        }),
    Case(
        name: "Members-offline",
        book: {
            $0.sync.retrying = true
            $0.sync.waiting = 3
        }),
    Case(name: "Members-stale", book: { $0.sync.lastContact = FakeBook.now.addingTimeInterval(-200_000) }),
    Case(name: "Members-needsHer", book: { $0.edits = FakeBook.editsOfEveryFate }),
    Case(
        name: "Members-error",
        steps: { driver, words in
            await driver.book.change { $0.readProblem = .storageFault }
            try await driver.type("查", into: words.searchHint)
        }),
    Case(name: "Members-wide", wide: true),
    Case(name: "Members-wide-open", wide: true, steps: { driver, _ in try await driver.tap("查美") }),
    Case(
        name: "Members-filtered",
        steps: { driver, words in
            try await driver.tap(words.filter)
            try await driver.tap("VIP")
            try await driver.tap(words.filterBirthday)
            try await driver.tap(words.filterShow(1))
        }),
    Case(
        name: "Filter",
        steps: { driver, words in
            try await driver.tap(words.filter)
            try await driver.tap("送礼")
            try await driver.tap("通勤")
            try await driver.tap("沉睡")
            try await driver.tap("沉睡")
            try await driver.tap(words.filterBirthday)
        }),
]

private func opened(_ steps: @escaping @MainActor (Driver, any Words) async throws -> Void)
    -> @MainActor (Driver, any Words) async throws -> Void
{
    { driver, words in
        try await driver.tap("查美")
        try await steps(driver, words)
    }
}

private let member: [Case] = [
    Case(name: "Member", steps: opened { _, _ in }),
    Case(name: "Member-bare", steps: { driver, _ in try await driver.tap("张三") }),
    Case(
        name: "Member-longName", book: { $0.members = [FakeBook.full(name: FakeBook.longName)] },
        steps: { driver, _ in try await driver.tap(FakeBook.longName) }),
    Case(
        name: "Member-gone",
        steps: opened { driver, _ in
            await driver.book.change { $0.members = [] }
            await driver.book.tell(.members(["M1"]))
            await driver.settle()
        }),
    Case(
        name: "Member-error",
        steps: opened { driver, _ in
            await driver.book.change { $0.readProblem = .storageFault }
            await driver.book.tell(.members(["M1"]))
            await driver.settle()
        }),
    Case(name: "Member-done", steps: opened { driver, _ in try await driver.tap("大衣到货回电") }),
    Case(name: "Tags", steps: opened { driver, words in try await driver.tap(words.tagsAction) }),
    Case(
        name: "Tags-put",
        steps: opened { driver, words in
            try await driver.tap(words.tagsAction)
            try await driver.tap("80后")
        }),
    Case(
        name: "Tags-hqOnly",
        steps: opened { driver, words in
            try await driver.tap(words.tagsAction)
            try await driver.tap("沉睡")
        }),
    Case(
        name: "Tags-sensitive",
        steps: opened { driver, words in
            try await driver.tap(words.tagsAction)
            await driver.book.change { $0.editProblem = .invalid(field: "name", reason: .sensitive(.health)) }
            try await driver.type("糖尿病", into: words.personalTagNew)
            try await driver.tap(words.personalTagAdd)
        }),
    Case(name: "Note", steps: opened { driver, words in try await driver.tap(words.note) }),
    Case(
        name: "Note-tooLong",
        steps: opened { driver, words in
            try await driver.tap(words.note)
            try await driver.type(String(repeating: "长", count: 1_003), into: words.noteHint)
        }),
    Case(
        name: "Note-storageFull",
        steps: opened { driver, words in
            try await driver.tap(words.note)
            await driver.book.change { $0.editProblem = .storageFull }
            try await driver.type("喜欢蓝色", into: words.noteHint)
            try await driver.tap(words.save)
        }),
    Case(
        name: "FollowUp",
        steps: opened { driver, words in
            try await driver.tap(words.followUp)
            try await driver.type("回电", into: words.followUpHint)
        }),
    Case(name: "Fields", steps: opened { driver, words in try await driver.tap(words.fieldsAction) }),
    Case(
        name: "Fields-tooLong",
        steps: opened { driver, words in
            try await driver.tap(words.fieldsAction)
            try await driver.type(String(repeating: "3", count: 21), into: words.field(.sizeShoe))
        }),
    Case(name: "Reveal", steps: opened { driver, words in try await driver.tap(words.reveal) }),
    Case(
        name: "Reveal-shown",
        steps: opened { driver, words in
            try await driver.tap(words.reveal)
            try await driver.tap(words.revealReason(.delivery))
        }),
    Case(
        name: "Reveal-tooMany",
        steps: opened { driver, words in
            try await driver.tap(words.reveal)
            await driver.book.change { $0.editProblem = .invalid(field: "reveal", reason: .tooMany(limit: 200)) }
            try await driver.tap(words.revealReason(.other))
        }),
]

private let coupons: [Case] = [
    Case(
        name: "Coupons", book: { $0.coupons = FakeBook.couponsOfEveryState },
        steps: { driver, words in try await driver.tap(words.coupons) }),
    Case(
        name: "Coupons-empty", book: { $0.campaigns = [] }, steps: { driver, words in try await driver.tap(words.coupons) }),
    Case(name: "Issue", steps: opened { driver, words in try await driver.tap(words.couponGive) }),
    Case(
        name: "Issue-chosen",
        steps: opened { driver, words in
            try await driver.tap(words.couponGive)
            try await driver.tap("周年庆满减券")
            try await driver.tap(words.worth(.amount(10_000)))
        }),
    Case(
        name: "Issue-storageFull",
        steps: opened { driver, words in
            try await driver.tap(words.couponGive)
            try await driver.tap("新品九折券")
            await driver.book.change { $0.editProblem = .storageFull }
            try await driver.tap(words.give(words.worth(.percent(basisPoints: 1_000, capFen: 20_000))))
        }),
    Case(
        name: "Coupon",
        steps: opened { driver, words in
            try await driver.tap(words.couponGive)
            try await driver.tap("周年庆满减券")
            try await driver.tap(words.worth(.amount(10_000)))
            try await driver.tap(words.give(words.worth(.amount(10_000))))
        }),
    Case(
        name: "Coupon-void", book: { $0.coupons = FakeBook.couponsOfEveryState },
        steps: { driver, words in
            driver.app.openCoupon("k0")
            await driver.settle()
            try await driver.tap(words.couponVoid)
        }),
    Case(
        name: "Coupon-gone",
        steps: { driver, _ in
            driver.app.openCoupon("k9")
            await driver.settle()
        }),
    Case(name: "Member-coupons", book: { $0.coupons = FakeBook.couponsOfEveryState }, steps: opened { _, _ in }),
]

private let rest: [Case] = [
    Case(name: "Walkin", steps: { driver, words in try await driver.tap(words.walkin) }),
    Case(
        name: "Walkin-filled",
        steps: { driver, words in
            try await driver.tap(words.walkin)
            try await driver.type("赵一鸣", into: words.walkinName)
            try await driver.type("13912340001", into: words.walkinPhone)
            try await driver.tap(words.walkinBoth("青禾记"))
        }),
    Case(
        name: "Walkin-known",
        steps: { driver, words in
            try await driver.tap(words.walkin)
            try await driver.type("17700003564", into: words.walkinPhone)
        }),
    Case(
        name: "Walkin-noBrand", book: { $0.guide = Guide(id: "G1", name: "汤重霞", store: "S01") },
        steps: { driver, words in try await driver.tap(words.walkin) }),
    Case(
        name: "Sync",
        book: {
            $0.edits = FakeBook.editsOfEveryFate
            $0.sync.waiting = 1
            $0.sync.refused = 1
        },
        steps: { driver, words in try await driver.tap(words.pill(.needsHer(2), now: FakeBook.now)) }),
    Case(
        name: "Sync-nothing",
        steps: { driver, _ in
            driver.app.members?.openSync()
            await driver.settle()
        }),
    Case(
        name: "Sync-offline",
        book: {
            $0.sync.retrying = true
            $0.sync.waiting = 2
            $0.syncProblem = .offline
        },
        steps: { driver, words in
            try await driver.tap(words.pill(.offlineWaiting(2), now: FakeBook.now))
            try await driver.tap(words.syncNow)
        }),
    Case(
        name: "Edit-superseded", book: { $0.edits = FakeBook.editsOfEveryFate },
        steps: { driver, words in
            try await driver.tap(words.pill(.needsHer(2), now: FakeBook.now))
            try await driver.tap("美姐（查美），" + words.edit(.field, what: "38"))
        }),
    Case(
        name: "Edit-waiting", book: { $0.edits = FakeBook.editsOfEveryFate },
        steps: { driver, words in
            try await driver.tap(words.pill(.needsHer(2), now: FakeBook.now))
            try await driver.tap("美姐（查美），" + words.edit(.tag, what: "+送礼"))
        }),
    Case(name: "Settings", steps: { driver, words in try await driver.tap(words.settings) }),
    Case(
        name: "Guides", book: { $0.guides.append(GuideOnPhone(book: "b2", name: "冯芳超", current: false)) },
        steps: { driver, words in
            try await driver.tap(words.settings)
            try await driver.tap(words.guides)
        }),
    Case(
        name: "About",
        steps: { driver, words in
            try await driver.tap(words.settings)
            try await driver.tap(words.about)
        }),
]

let everyCase: [Case] = door + members + member + coupons + rest

extension Driver {
    /// The made-up book behind the app.
    var book: FakeBook {
        guard let book = app.book as? FakeBook else { fatalError("not a made-up book") }
        return book
    }
}
