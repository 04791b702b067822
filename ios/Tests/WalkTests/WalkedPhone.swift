import Foundation
import Guidebook
import GuidebookDriver
import GuidebookFakes
import GuidebookOverCore

/// A phone on a cable to the real server: what is on it outlives the app.
@MainActor
final class WalkedPhone {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    let vault = MemoryVault()
    let phone = FakePhone()
    let cable: Cable
    let count = CallCount()
    private(set) var driver: Driver

    init() throws {
        guard let port = URLComponents(string: Contract.shared.server)?.port else { throw URLError(.badURL) }
        cable = try Cable(to: UInt16(port))
        phone.now = Date()
        driver = Self.started(directory, vault, phone, count)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    var server: String { "http://127.0.0.1:\(cable.port)" }

    /// The process dies: nobody locks or closes anything. What follows begins from what lies on the phone.
    func killAndReopen() async {
        driver = Self.started(directory, vault, phone, count)
        await driver.start()
    }

    private static func started(
        _ directory: URL, _ vault: MemoryVault, _ phone: FakePhone, _ count: CallCount
    ) -> Driver {
        let book = CoreBook(directory: directory.path, keys: vault, kept: phone.kept) { CountingCore($0, count: count) }
        return Driver(app: AppModel(book: book, services: phone.services()))
    }
}
