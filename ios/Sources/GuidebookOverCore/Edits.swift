import Foundation
import Guidebook
import GuidebookCore

// Edits, their fates, and what goes wrong, in the words of the models. Every case is written out: a case that the core
// gains does not compile until somebody has thought of its words.

extension Edit {
    init(_ row: EditRow) {
        self.init(
            id: row.id, member: row.member, kind: Shown.EditKind(row.kind), what: row.what,
            at: Date(timeIntervalSince1970: Double(row.atMs) / 1000), fate: Fate(row.fate), undoable: row.undoable)
    }
}

extension Shown.EditKind {
    init(_ kind: GuidebookCore.EditKind) {
        switch kind {
        case .tag: self = .tag
        case .choice: self = .choice
        case .note: self = .note
        case .noteWithdrawal: self = .noteWithdrawal
        case .followUp: self = .followUp
        case .followUpDone: self = .followUpDone
        case .field: self = .field
        case .enrolment: self = .enrolment
        case .personalTag: self = .personalTag
        case .reveal: self = .reveal
        case .coupon: self = .coupon
        case .couponVoid: self = .couponVoid
        case .surrender: self = .surrender
        }
    }
}

extension Fate {
    init(_ fate: EditFate) {
        switch fate {
        case .waiting: self = .waiting
        case .applied: self = .applied
        case .superseded(let guide, let atMs, let with):
            self = .superseded(guide: guide, at: Date(timeIntervalSince1970: Double(atMs) / 1000), with: with)
        case .redirected: self = .redirected
        case .refused(let reason): self = .refused(Refusal(reason))
        }
    }
}

extension Refusal {
    init(_ reason: RefusedReason) {
        switch reason {
        case .notYourMember: self = .notYourMember
        case .tagDeleted: self = .tagDeleted
        case .invalid(_, let reason): self = .rule(Shown.InvalidReason(reason))
        case .notYours: self = .notYours
        case .notUnderstood: self = .notUnderstood
        case .coupon(let reason): self = .coupon(Shown.CouponRefusal(reason))
        }
    }
}

extension SyncState {
    init(_ view: SyncStateView) {
        self.init()
        waiting = Int(view.waiting)
        refused = Int(view.refused)
        lastContact = view.lastContactMs.map { Date(timeIntervalSince1970: Double($0) / 1000) }
        running = view.running
        retrying = view.retrying
    }
}

extension Change {
    init(_ change: BookChange) {
        switch change {
        case .members(let members): self = .members(members)
        case .dictionary: self = .dictionary
        case .coupons: self = .coupons
        case .syncState: self = .syncState
        case .book: self = .book
        }
    }
}

extension Problem {
    init(_ error: GuidebookError) {
        switch error {
        case .Offline: self = .offline
        case .SignedOut: self = .signedOut
        case .Locked: self = .locked
        case .WrongKey: self = .wrongKey
        case .NotFound: self = .notFound
        case .Invalid(let field, let reason): self = .invalid(field: field, reason: Shown.InvalidReason(reason))
        case .AlreadyMember(let member): self = .alreadyMember(member: member)
        case .StorageFull: self = .storageFull
        case .StorageFault: self = .storageFault
        case .UpgradeNeeded: self = .upgradeNeeded
        case .Busy(let seconds): self = .busy(comeBackSeconds: Int(seconds))
        case .Wiped: self = .wiped
        }
    }
}

extension Shown.InvalidReason {
    init(_ reason: GuidebookCore.InvalidReason) {
        switch reason {
        case .empty: self = .empty
        case .tooLong(let limit): self = .tooLong(limit: Int(limit))
        case .tooMany(let limit): self = .tooMany(limit: Int(limit))
        case .unknown: self = .unknown
        case .hqOnly: self = .hqOnly
        case .outOfScope: self = .outOfScope
        case .wrongKind: self = .wrongKind
        case .sensitive(let topic): self = .sensitive(Shown.Topic(topic))
        case .malformed: self = .malformed
        case .noConsent: self = .noConsent
        case .noChange: self = .noChange
        case .notUndoable: self = .notUndoable
        case .notIssuable(let problem): self = .notIssuable(IssueBar(problem))
        case .refused: self = .refused
        }
    }
}

extension Shown.Topic {
    init(_ topic: GuidebookCore.Topic) {
        switch topic {
        case .health: self = .health
        case .religion: self = .religion
        case .minors: self = .minors
        }
    }
}
