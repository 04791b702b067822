import Foundation

/// Everything that the app says, in one language. What a problem is called follows from its case; no text of the core is
/// ever shown.
public protocol Words: CouponWords, Sendable {
    // Everywhere
    var appName: String { get }
    var loading: String { get }
    var cancel: String { get }
    var done: String { get }
    var save: String { get }
    var undo: String { get }
    var undone: String { get }
    var close: String { get }
    var retry: String { get }
    var covered: String { get }

    // Enrol
    var enrolTitle: String { get }
    var enrolWhatStays: [String] { get }
    var enrolLead: String { get }
    var enrolServer: String { get }
    var enrolCode: String { get }
    var enrolScan: String { get }
    var enrolAct: String { get }
    var enrolling: String { get }

    // Unlock
    var unlockTitle: String { get }
    var unlockAct: String { get }
    var unlockReason: String { get }
    var unlockLead: String { get }
    var unlockRefused: String { get }
    var lockedOutTitle: String { get }
    var lockedOutLead: String { get }
    var wrongKeyTitle: String { get }
    var wrongKeyLead: String { get }
    var hiddenTitle: String { get }
    var hiddenLead: String { get }
    var hiddenAct: String { get }
    var wipedTitle: String { get }
    var wipedLead: String { get }
    var faultTitle: String { get }
    var enrolAgain: String { get }
    var unlocking: String { get }

    // Members
    var members: String { get }
    var searchHint: String { get }
    func membersCount(_ count: Int) -> String
    var noMembersTitle: String { get }
    var noMembersLead: String { get }
    var noMatchTitle: String { get }
    var noMatchLead: String { get }
    var filter: String { get }
    var clearFilter: String { get }
    var filterReset: String { get }
    var walkin: String { get }
    var settings: String { get }
    var orderBy: String { get }
    func order(_ order: MemberOrder) -> String
    func birthdayIn(_ days: Int) -> String
    func dueMark(_ day: Day, today: Day) -> String
    func waitingMark(_ count: Int) -> String
    func tagsOf(_ name: String) -> String
    func lastBoughtOn(_ day: Day) -> String

    // Sync pill
    func pill(_ pill: SyncPill, now: Date) -> String
    var pillHint: String { get }

    // Filter
    var filterTitle: String { get }
    var filterHow: String { get }
    var filterBirthday: String { get }
    var filterFollowUp: String { get }
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
    var note: String { get }
    var followUp: String { get }
    var tagsAction: String { get }
    var fieldsAction: String { get }
    func points(_ points: Int64) -> String
    func birthday(_ birthday: Birthday) -> String
    func joined(_ day: Day) -> String
    var memberships: String { get }
    var mall: String { get }
    var marketingYes: String { get }
    var marketingNo: String { get }
    var spendChart: String { get }
    func spendTotal(_ fen: Int64, orders: Int) -> String
    func spendPeak(_ month: String, _ fen: Int64) -> String
    var noSpend: String { get }
    func cadence(_ days: Int) -> String
    func usualReturn(_ day: Day, today: Day) -> String
    func replenish(_ product: String, _ day: Day, today: Day) -> String
    var purchases: String { get }
    var noPurchases: String { get }
    var tags: String { get }
    var noTags: String { get }
    var notes: String { get }
    var noNotes: String { get }
    var followUps: String { get }
    var followUpsNone: String { get }
    func followUpDue(_ day: Day, today: Day) -> String
    var doneSaved: String { get }
    var openedAgain: String { get }
    var details: String { get }
    var fieldsNone: String { get }
    var memberGone: String { get }

    // Tags
    func tagsTitle(_ name: String) -> String
    var tagsSaved: String { get }
    var personalTags: String { get }
    var singleChoice: String { get }
    var hqOnlyWhy: String { get }
    var personalTagNew: String { get }
    var personalTagAdd: String { get }
    func tagOn(_ name: String) -> String
    func tagTakenOff(_ name: String) -> String

    // Note, follow-up, fields
    func noteTitle(_ name: String) -> String
    var noteHint: String { get }
    var noteSaved: String { get }
    func charactersLeft(_ count: Int) -> String
    func followUpTitle(_ name: String) -> String
    var followUpHint: String { get }
    var followUpWhen: String { get }
    var followUpOther: String { get }
    func inDays(_ days: Int) -> String
    var followUpSaved: String { get }
    func fieldsFor(_ name: String) -> String
    func field(_ field: Field) -> String
    func fieldTooLong(_ limit: Int) -> String
    var fieldsSaved: String { get }

    // Walk-in
    var walkinName: String { get }
    var walkinPhone: String { get }
    var walkinScan: String { get }
    var walkinGender: String { get }
    func gender(_ gender: Gender?) -> String
    var walkinBirthdayField: String { get }
    var consentTitle: String { get }
    func walkinBoth(_ brand: String) -> String
    var consentMall: String { get }
    var consentMallWhy: String { get }
    func consentBrand(_ brand: String) -> String
    var consentBrandWhy: String { get }
    var consentMarketing: String { get }
    var walkinOtherBrands: String { get }
    func walkinKnown(_ name: String) -> String
    var walkinOpen: String { get }
    var walkinAct: String { get }
    func walkinSaved(_ name: String) -> String

    // Sync, edit
    var syncTitle: String { get }
    var syncNow: String { get }
    var syncWorking: String { get }
    func lastContact(_ at: Date?, now: Date) -> String
    var syncRetrying: String { get }
    var needsYou: String { get }
    var waiting: String { get }
    var syncDone: String { get }
    var nothingWaits: String { get }
    var syncSafe: String { get }
    func edit(_ kind: EditKind, what: String) -> String
    func fate(_ fate: Fate, now: Date) -> String
    var editTitle: String { get }
    var applyAgain: String { get }
    var editUndo: String { get }
    var editLetBe: String { get }
    var appliedAgain: String { get }
    var openMember: String { get }

    // Reveal
    func revealTitle(_ name: String) -> String
    var revealLead: String { get }
    func revealReason(_ reason: RevealReason) -> String
    var revealedNumber: String { get }
    var revealShare: String { get }

    // Settings, guides, about
    func thisPhone(_ device: String) -> String
    var settingsLanguage: String { get }
    func language(_ language: Language) -> String
    var settingsText: String { get }
    var settingsTextWhat: String { get }
    var settingsLock: String { get }
    func lockDelay(_ delay: LockDelay) -> String
    var lockNow: String { get }
    var guides: String { get }
    var guidesLead: String { get }
    var guideAnother: String { get }
    var guideUnnamed: String { get }
    var guideHere: String { get }
    var about: String { get }
    func version(_ version: String) -> String
    var licences: String { get }

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
