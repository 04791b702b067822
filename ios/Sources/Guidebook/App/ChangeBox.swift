import Foundation

/// Changes on their way from the core's threads to the main actor.
final class ChangeBox: @unchecked Sendable {
    private let lock = NSLock()
    private var changes: [Change] = []

    func put(_ change: Change) {
        lock.withLock { changes.append(change) }
    }

    func takeAll() -> [Change] {
        lock.withLock {
            defer { changes = [] }
            return changes
        }
    }
}
