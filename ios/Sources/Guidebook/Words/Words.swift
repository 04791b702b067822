import Foundation

/// Everything that the app says, in one language. What a problem is called follows from its case; no text of the core is
/// ever shown.
public protocol Words: Sendable {
    var language: String { get }

    // Everywhere
    var appName: String { get }
    var loading: String { get }
    var cancel: String { get }
    var done: String { get }
    var save: String { get }
    var undo: String { get }
    var undone: String { get }
    var close: String { get }
    var tryAgain: String { get }
    var covered: String { get }

    // Enrol
    var enrolTitle: String { get }
    var enrolWhat: String { get }
    var enrolWhy: String { get }
    var enrolServer: String { get }
    var enrolCode: String { get }
    var enrolScan: String { get }
    var enrolAction: String { get }
    var enrolWorking: String { get }

    // Unlock
    var unlockTitle: String { get }
    var unlockAction: String { get }
    var unlockReason: String { get }
    var unlockLocked: String { get }
    var unlockRefused: String { get }
    var unlockLockedOut: String { get }
    var unlockWrongKeyTitle: String { get }
    var unlockWrongKey: String { get }
    var unlockHiddenTitle: String { get }
    var unlockHidden: String { get }
    var unlockContact: String { get }
    var unlockWipedTitle: String { get }
    var unlockWiped: String { get }
    var unlockBrokenTitle: String { get }
    var unlockEnrolAgain: String { get }
    var unlockWorking: String { get }

    // Members
    var membersTitle: String { get }
    var searchHint: String { get }
    func membersCount(_ count: Int) -> String
    var membersNone: String { get }
    var membersNoneWhat: String { get }
    var membersNotFound: String { get }
    var membersNotFoundWhat: String { get }
    var filterAction: String { get }
    var clearFilter: String { get }
    var walkinAction: String { get }
    var settingsAction: String { get }
    var sortAction: String { get }
    func sort(_ order: MemberOrder) -> String
    func birthdayIn(_ days: Int) -> String
    func dueMark(_ day: Day, today: Day) -> String
    func waitingMark(_ count: Int) -> String
    func tagHer(_ name: String) -> String
    func lastPurchase(_ day: Day) -> String
    var neverBought: String { get }

    // Sync pill
    func pill(_ pill: SyncPill, now: Date) -> String
    var pillHint: String { get }

    // Filter
    var filterTitle: String { get }
    var filterHow: String { get }
    var filterBirthday: String { get }
    var filterDue: String { get }
    var filterOr: String { get }
    var filterAnd: String { get }
    func filterNot(_ tag: String) -> String
    var filterNothing: String { get }
    func filterShow(_ count: Int?) -> String
    var filterWith: String { get }
    var filterWithout: String { get }
    var filterAny: String { get }

    // Member
    var call: String { get }
    var reveal: String { get }
    var noteAction: String { get }
    var followUpAction: String { get }
    var tagsAction: String { get }
    var fieldsAction: String { get }
    func points(_ points: Int64) -> String
    func birthday(_ birthday: Birthday) -> String
    func joined(_ day: Day) -> String
    var memberships: String { get }
    var mall: String { get }
    var marketingYes: String { get }
    var marketingNo: String { get }
    var spendTitle: String { get }
    func spendTotal(_ fen: Int64, orders: Int) -> String
    func spendPeak(_ month: String, _ fen: Int64) -> String
    var spendNone: String { get }
    func cadence(_ days: Int) -> String
    func usualReturn(_ day: Day, today: Day) -> String
    func replenish(_ product: String, _ day: Day) -> String
    var purchasesTitle: String { get }
    var purchasesNone: String { get }
    var tagsTitle: String { get }
    var tagsNone: String { get }
    var notesTitle: String { get }
    var notesNone: String { get }
    var followUpsTitle: String { get }
    var followUpsNone: String { get }
    func followUpDue(_ day: Day, today: Day) -> String
    var followUpDone: String { get }
    var followUpReopened: String { get }
    var fieldsTitle: String { get }
    var fieldsNone: String { get }
    var memberGone: String { get }

    // Tags
    func tagsFor(_ name: String) -> String
    var tagsSaved: String { get }
    var tagsPersonal: String { get }
    var tagsSingle: String { get }
    var tagsHqOnly: String { get }
    var tagsNew: String { get }
    var tagsMake: String { get }
    func tagPut(_ name: String) -> String
    func tagTaken(_ name: String) -> String

    // Note, follow-up, fields
    func noteFor(_ name: String) -> String
    var noteHint: String { get }
    var noteKept: String { get }
    func left(_ count: Int) -> String
    func followUpFor(_ name: String) -> String
    var followUpHint: String { get }
    var followUpWhen: String { get }
    var followUpOther: String { get }
    func inDays(_ days: Int) -> String
    var followUpKept: String { get }
    func fieldsFor(_ name: String) -> String
    func field(_ field: Field) -> String
    func fieldTooLong(_ limit: Int) -> String
    var fieldsKept: String { get }

    // Walk-in
    var walkinTitle: String { get }
    var walkinName: String { get }
    var walkinPhone: String { get }
    var walkinScan: String { get }
    var walkinGender: String { get }
    func gender(_ gender: Gender?) -> String
    var walkinBirthday: String { get }
    var walkinConsents: String { get }
    func walkinBoth(_ brand: String) -> String
    var walkinMall: String { get }
    var walkinMallWhat: String { get }
    func walkinBrand(_ brand: String) -> String
    func walkinBrandWhat(_ brand: String) -> String
    var walkinMarketing: String { get }
    var walkinOtherBrands: String { get }
    func walkinKnown(_ name: String) -> String
    var walkinOpenKnown: String { get }
    var walkinSave: String { get }
    func walkinKept(_ name: String) -> String

    // Sync, edit
    var syncTitle: String { get }
    var syncNow: String { get }
    var syncWorking: String { get }
    func lastContact(_ at: Date?, now: Date) -> String
    var syncRetrying: String { get }
    var syncNeedsHer: String { get }
    var syncWaiting: String { get }
    var syncDone: String { get }
    var syncNothingWaits: String { get }
    var syncSafe: String { get }
    func edit(_ kind: EditKind, what: String) -> String
    func fate(_ fate: Fate, now: Date) -> String
    var editTitle: String { get }
    var editApplyAgain: String { get }
    var editUndo: String { get }
    var editLetBe: String { get }
    var editKeptAgain: String { get }
    var editOpenMember: String { get }

    // Reveal
    func revealFor(_ name: String) -> String
    var revealWhy: String { get }
    func reveal(_ reason: RevealReason) -> String
    var revealed: String { get }
    var revealShare: String { get }

    // Settings, guides, about
    var settingsTitle: String { get }
    func thisPhone(_ device: String) -> String
    var settingsLanguage: String { get }
    func language(_ language: Language) -> String
    var settingsText: String { get }
    var settingsTextWhat: String { get }
    var settingsLock: String { get }
    func lockDelay(_ delay: LockDelay) -> String
    var settingsLockNow: String { get }
    var guidesTitle: String { get }
    var guidesWhat: String { get }
    var guidesAnother: String { get }
    var guideUnnamed: String { get }
    var guideCurrent: String { get }
    var aboutTitle: String { get }
    func version(_ version: String) -> String
    var licencesTitle: String { get }

    // Sentences out of parts
    func pair(_ title: String, _ text: String) -> String
    func listed(_ names: [String]) -> String

    // Problems, days, money
    func problem(_ problem: Problem) -> String
    func invalid(_ reason: InvalidReason) -> String
    func day(_ day: Day) -> String
    func ago(_ at: Date, now: Date) -> String
}

extension Words {
    /// `¥1,234.50`; whole yuan without fen.
    public func money(_ fen: Int64) -> String {
        let yuan = abs(fen) / 100
        var digits = String(yuan)
        var grouped = ""
        while digits.count > 3 {
            grouped = ",\(digits.suffix(3))\(grouped)"
            digits.removeLast(3)
        }
        let cents = abs(fen) % 100
        let rest = cents == 0 ? "" : "." + (cents < 10 ? "0" : "") + String(cents)
        return (fen < 0 ? "-" : "") + "¥" + digits + grouped + rest
    }

    /// What an edit did, without its sign.
    func bare(_ what: String) -> String {
        String(what.drop { "+-=".contains($0) })
    }
}
