import Foundation
import GuidebookCore

/// A phone: a folder, a key store and marks, which outlive the book that is open.
final class Phone {
    let directory: URL
    let vault = MemoryVault()
    let marks = MemoryMarks()
    let observer = RecordingObserver()
    private(set) var book: Guidebook

    init(in folder: URL? = nil) throws {
        directory = folder ?? FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        book = try Guidebook.open(request: OpenRequest(directory: directory.path), keys: vault, clock: nil, marks: marks)
        book.observe(observer: observer)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    /// A phone of the contract's guide, synced.
    static func enrolled(in folder: URL? = nil) async throws -> Phone {
        let phone = try Phone(in: folder)
        _ = try await phone.enrol()
        _ = try await phone.book.syncNow()
        return phone
    }

    func enrol() async throws -> GuideView {
        let code = try await Headquarters.freshCode()
        let request = EnrolRequest(server: Contract.shared.server, code: code, deviceName: "Swift")
        return try await book.enrol(request: request)
    }

    /// Lets go of the book without locking it, and begins again from what lies in the folder.
    func restart() throws {
        book = try Guidebook.open(request: OpenRequest(directory: directory.path), keys: vault, clock: nil, marks: marks)
        book.observe(observer: observer)
    }
}

/// A key store that forgets with the process, and can be broken.
final class MemoryVault: KeyVault, @unchecked Sendable {
    private let lock = NSLock()
    private var kept: [String: Data] = [:]
    private var works = true

    var keys: [String: Data] {
        get { lock.withLock { kept } }
        set { lock.withLock { kept = newValue } }
    }

    func fail() {
        lock.withLock { works = false }
    }

    func load(book: String) throws -> Data? {
        try working { kept[book] }
    }

    func save(book: String, key: Data) throws {
        try working { kept[book] = key }
    }

    func erase(book: String) throws {
        try working { kept[book] = nil }
    }

    private func working<T>(_ work: () -> T) throws -> T {
        try lock.withLock {
            guard works else { throw KeyVaultError.Unavailable }
            return work()
        }
    }
}

/// Marks that outlive the book, and can be broken.
final class MemoryMarks: MarkVault, @unchecked Sendable {
    private let lock = NSLock()
    private var marks: [String: [String: UInt64]] = [:]
    private var answers = true

    func works(_ answers: Bool) {
        lock.withLock { self.answers = answers }
    }

    func load(book: String) throws -> [String: UInt64] {
        try working { marks[book] ?? [:] }
    }

    func raiseTo(book: String, name: String, mark: UInt64) throws -> Bool {
        try working {
            if let held = marks[book]?[name], held >= mark { return false }
            marks[book, default: [:]][name] = mark
            return true
        }
    }

    func erase(book: String) throws {
        try working { marks[book] = nil }
    }

    private func working<T>(_ work: () -> T) throws -> T {
        try lock.withLock {
            guard answers else { throw KeyVaultError.Unavailable }
            return work()
        }
    }
}

final class RecordingObserver: BookObserver, @unchecked Sendable {
    private let lock = NSLock()
    private var changes: [BookChange] = []

    var heard: [BookChange] {
        lock.withLock { changes }
    }

    private let told = DispatchSemaphore(value: 0)

    func changed(change: BookChange) {
        lock.withLock { changes.append(change) }
        told.signal()
    }

    /// Waits until `seen`, looking again whenever something was heard; whether it came in time.
    func until(_ seen: () throws -> Bool) rethrows -> Bool {
        let deadline = DispatchTime.now() + .seconds(30)
        while try !seen() {
            guard told.wait(timeout: deadline) == .success else { return false }
        }
        return true
    }
}

func listed(_ text: String = "", offset: UInt32 = 0) -> ListRequest {
    ListRequest(text: text, tags: "", order: .name, offset: offset, limit: 50)
}

func walkin(_ name: String, _ phone: String, agrees: Bool = true) -> WalkinRequest {
    WalkinRequest(
        name: name, phone: phone, gender: .female, birthday: "--03-29", agreesToMembership: agrees,
        agreesToMarketing: false, agreesToBrands: [])
}
