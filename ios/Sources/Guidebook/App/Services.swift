import Foundation

/// What the models ask of the phone they run on. The app brings the real ones.
@MainActor
public struct Services {
    public var kept: any Kept
    public var dialler: any Dialler
    public var scanner: (any CodeScanner)?
    public var sharer: any Sharer
    public var haptics: any Haptics
    public var brightness: any Brightness
    public var gate: any UnlockGate
    public var now: @MainActor () -> Date
    public var deviceName = "iPhone"
    public var systemLanguage = "zh"
    public var version = "0.1.0"

    public init(
        kept: any Kept, dialler: any Dialler, scanner: (any CodeScanner)?, sharer: any Sharer, haptics: any Haptics,
        brightness: any Brightness, gate: any UnlockGate, now: @escaping @MainActor () -> Date = { Date() }
    ) {
        self.kept = kept
        self.dialler = dialler
        self.scanner = scanner
        self.sharer = sharer
        self.haptics = haptics
        self.brightness = brightness
        self.gate = gate
        self.now = now
    }

    public var today: Day { Day(now()) }
}

/// Small settings that outlive the process; nothing about members ever goes in.
public protocol Kept: Sendable {
    func read(_ key: String) -> String?
    func write(_ key: String, _ value: String?)
}

/// Opens the system's telephone with a number in it. False where there is none: then the number is shown.
@MainActor
public protocol Dialler {
    func dial(_ number: String) async -> Bool
}

/// Reads one code with the camera; none if she gave up or the camera is refused.
@MainActor
public protocol CodeScanner {
    func scan() async -> String?
}

/// The system's share sheet.
@MainActor
public protocol Sharer {
    func share(_ text: String)
}

/// A short tick under the finger.
@MainActor
public protocol Haptics {
    func tick()
}

/// As bright as the screen can be, while a code on it is to be read by a till.
@MainActor
public protocol Brightness {
    func full(_ on: Bool)
}

/// Asks the person in front of the phone to prove herself.
@MainActor
public protocol UnlockGate {
    func pass(reason: String) async -> GateAnswer
}

public enum GateAnswer: Sendable {
    case passed
    /// She gave up, or it was not she.
    case refused
    /// Too many tries, or no passcode is set: the system does not ask any more.
    case lockedOut
}
