import Foundation
import Guidebook
import GuidebookDriver
import GuidebookFakes
import GuidebookOverCore

/// A phone of which everything lies in one folder, and outlives the process: the books, the Keychain, the settings.
@MainActor
public final class WalkedPhone {
    public let phone: FakePhone
    public let count = CallCount()
    public private(set) var driver: Driver
    private let folder: URL

    public init(in folder: URL) {
        self.folder = folder
        phone = FakePhone(kept: KeptInFiles(Drawer(folder: folder.appendingPathComponent("settings"))))
        phone.now = Date()
        driver = Self.started(folder, phone, count)
    }

    /// The app is let go of: nobody locks or closes anything. What follows begins from what lies in the folder.
    public func dropAndReopen() async {
        driver = Self.started(folder, phone, count)
        await driver.start()
    }

    /// Whatever of a book is left on the phone.
    public var remains: [String] {
        ["books", "keys", "marks"].flatMap { name in
            (try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(name).path)) ?? []
        }
    }

    private static func started(_ folder: URL, _ phone: FakePhone, _ count: CallCount) -> Driver {
        func drawer(_ name: String) -> Drawer { Drawer(folder: folder.appendingPathComponent(name)) }
        let book = CoreBook(
            directory: folder.appendingPathComponent("books").path, keys: FileVault(drawer("keys")),
            marks: FileMarks(drawer("marks")), kept: phone.kept
        ) { CountingCore($0, count: count) }
        return Driver(app: AppModel(book: book, services: phone.services()))
    }
}

extension Driver {
    /// Fills in the first screen of a phone that has no book.
    public func enrol(server: String, code: String) async throws {
        try await type(server, into: app.words.enrolServer)
        try await type(code, into: app.words.enrolCode)
        try await tap(app.words.enrolAct)
    }

    /// Names of the rows, from the top.
    public var rows: [String] {
        app.members?.state.content?.rows.map(\.name) ?? []
    }

    public func back() async throws {
        while !app.stack.isEmpty { try await tap("‹") }
    }
}
