import Foundation
import Guidebook

/// A phone for tests: what the models asked of it, and what it answers.
@MainActor
public final class FakePhone: Dialler, CodeScanner, Sharer, Haptics, Brightness, UnlockGate {
    public let kept: any Kept
    public var now = FakeBook.now
    public var dials = true
    public var scanned: String?
    public var answer = GateAnswer.passed
    public private(set) var dialled: [String] = []
    public private(set) var shared: [String] = []
    public private(set) var ticks = 0
    public private(set) var bright = false
    public private(set) var asked = 0

    public init(kept: any Kept = KeptInMemory()) {
        self.kept = kept
    }

    public func services(language: String = "zh") -> Services {
        var services = Services(
            kept: kept, dialler: self, scanner: self, sharer: self, haptics: self, brightness: self, gate: self,
            now: { self.now })
        services.systemLanguage = language
        services.deviceName = "test phone"
        return services
    }

    public func dial(_ number: String) async -> Bool {
        if dials { dialled.append(number) }
        return dials
    }
    public func scan() async -> String? { scanned }
    public func share(_ text: String) { shared.append(text) }
    public func tick() { ticks += 1 }
    public func full(_ on: Bool) { bright = on }
    public func pass(reason: String) async -> GateAnswer {
        asked += 1
        return answer
    }
}

/// Small settings that are gone with the process.
public final class KeptInMemory: Kept, @unchecked Sendable {
    private let lock = NSLock()
    private var values: [String: String] = [:]

    public init() {}

    public func read(_ key: String) -> String? { lock.withLock { values[key] } }
    public func write(_ key: String, _ value: String?) { lock.withLock { values[key] = value } }
}
