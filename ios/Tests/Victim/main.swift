import Foundation
import Guidebook
import GuidebookDriver
import GuidebookWalk

// The app as a process of its own, for `KilledTests`: models, screens and core. `FOLDER SERVER CODE MEMBER`: enrols and finds
// the member; at the first line that it is sent, the network being gone, turns a tag of hers, gives her a coupon, and another
// that it voids again. What the screen has shown is said line by line; then it waits to be killed.

let arguments = CommandLine.arguments.dropFirst().map { $0 }
let (folder, server, code, her) = (arguments[0], arguments[1], arguments[2], arguments[3])
let words = WordsZh()
let phone = WalkedPhone(in: URL(fileURLWithPath: folder))
let driver = phone.driver

func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

/// What it ends with is read on standard error.
@MainActor
func demand(_ seen: Bool, _ what: String) {
    guard !seen else { return }
    FileHandle.standardError.write(Data("not seen: \(what)\n\(driver.text)\n".utf8))
    exit(1)
}

@MainActor
func give(_ worth: String) async throws -> String {
    try await driver.tap(words.couponGive)
    try await driver.tap(worth)
    try await driver.tap(words.give(worth))
    demand(driver.shows(words.couponCodes), "the card of \(worth)")
    guard let code = driver.reachable.flatMap(\.all).map(\.label).first(where: { $0.count == 19 && $0.contains("-") }) else {
        demand(false, "the code of \(worth)")
        return ""
    }
    return code
}

await driver.start()
try await driver.enrol(server: server, code: code)
demand(driver.shows("位客人"), "the list")
// The first round asks for codes, a later one brings them.
for _ in 0..<20 where try await driver.app.book.campaigns().first?.offers.contains(where: { $0.left == 0 }) ?? true {
    await driver.app.syncNow()
}
try await driver.type("zm", into: words.searchHint)
demand(driver.rows.prefix(3).contains(her), "her, by her initials")
say("found")
_ = readLine()

try await driver.tap(words.tagsOf(her))
try await driver.tap("送礼")
demand(driver.shows(words.tagOn("送礼")) || driver.shows(words.tagTakenOff("送礼")), "the tag turned")
say("tagged \(driver.shows(words.tagOn("送礼")))")
try await driver.tap(words.close)

try await driver.tap(her)
say("given \(try await give("¥100"))")
try await driver.tap("‹")
let second = try await give("¥50")
try await driver.tap(words.couponVoid)
demand(driver.shows(words.couponVoided), "the second one void")
say("voided \(second)")
say("waiting \(try await driver.app.book.syncState().waiting)")
_ = readLine()
