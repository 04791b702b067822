import Foundation

/// How it stands with the server, in one glance.
public enum SyncPill: Equatable, Sendable {
    case sending
    /// Edits that were refused or lost wait for her.
    case needsHer(Int)
    case offlineWaiting(Int)
    case offline
    case waiting(Int)
    case synced(since: Date)
    case never

    /// After this long without contact, what is shown is called old.
    static let stale: TimeInterval = 24 * 3600

    init(sync: SyncState, running: Bool, lost: Int, now: Date) {
        let old = sync.lastContact.map { now.timeIntervalSince($0) > Self.stale } ?? false
        if lost > 0 {
            self = .needsHer(lost)
        } else if running || sync.running {
            self = .sending
        } else if sync.retrying || old {
            self = sync.waiting > 0 ? .offlineWaiting(sync.waiting) : .offline
        } else if sync.waiting > 0 {
            self = .waiting(sync.waiting)
        } else if let since = sync.lastContact {
            self = .synced(since: since)
        } else {
            self = .never
        }
    }
}
