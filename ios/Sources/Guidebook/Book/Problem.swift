/// Why a call did nothing: each is something that a screen does differently. None holds a member's data.
public enum Problem: Error, Equatable, Sendable {
    case offline
    case signedOut
    case locked
    case wrongKey
    case notFound
    case invalid(field: String, reason: InvalidReason)
    case alreadyMember(member: String)
    case storageFull
    case storageFault
    case upgradeNeeded
    case busy(comeBackSeconds: Int)
    case wiped
}

/// Why an input is invalid.
public enum InvalidReason: Equatable, Sendable {
    case empty
    case tooLong(limit: Int)
    case tooMany(limit: Int)
    case unknown
    case hqOnly
    case outOfScope
    case wrongKind
    case sensitive(Topic)
    case malformed
    case noConsent
    case noChange
    case notUndoable
    case notIssuable(IssueBar)
    case refused
}

/// What the law protects.
public enum Topic: Equatable, Sendable, CaseIterable {
    case health, religion, minors
}
