import Foundation
import Guidebook
import GuidebookCore

/// What a phone keeps beside its books, as files of a folder: they outlive the process, as Keychain and settings do.
struct Drawer: Sendable {
    let folder: URL

    func read(_ name: String) throws -> Data? {
        let file = folder.appendingPathComponent(name)
        return FileManager.default.fileExists(atPath: file.path) ? try Data(contentsOf: file) : nil
    }

    func write(_ name: String, _ value: Data?) throws {
        let file = folder.appendingPathComponent(name)
        if let value {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try value.write(to: file, options: .atomic)
        } else if FileManager.default.fileExists(atPath: file.path) {
            try FileManager.default.removeItem(at: file)
        }
    }
}

/// In the stead of the Keychain.
final class FileVault: KeyVault {
    private let drawer: Drawer

    init(_ drawer: Drawer) {
        self.drawer = drawer
    }

    func load(book: String) throws -> Data? { try drawer.read(book) }
    func save(book: String, key: Data) throws { try drawer.write(book, key) }
    func erase(book: String) throws { try drawer.write(book, nil) }
}

/// Up to which turn coupon codes are out: a file a book.
final class FileMarks: MarkVault, @unchecked Sendable {
    private let drawer: Drawer
    private let turns = NSLock()

    init(_ drawer: Drawer) {
        self.drawer = drawer
    }

    func load(book: String) throws -> [String: UInt64] {
        try turns.withLock { try marks(book) }
    }

    func raiseTo(book: String, name: String, mark: UInt64) throws -> Bool {
        try turns.withLock {
            var marks = try marks(book)
            if let before = marks[name], before >= mark { return false }
            marks[name] = mark
            try drawer.write(book, JSONEncoder().encode(marks))
            return true
        }
    }

    func erase(book: String) throws {
        try turns.withLock { try drawer.write(book, nil) }
    }

    private func marks(_ book: String) throws -> [String: UInt64] {
        try drawer.read(book).map { try JSONDecoder().decode([String: UInt64].self, from: $0) } ?? [:]
    }
}

/// In the stead of the user defaults.
final class KeptInFiles: Kept {
    private let drawer: Drawer

    init(_ drawer: Drawer) {
        self.drawer = drawer
    }

    func read(_ key: String) -> String? {
        (try? drawer.read(key)).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) }
    }
    func write(_ key: String, _ value: String?) { try? drawer.write(key, value.map { Data($0.utf8) }) }
}
