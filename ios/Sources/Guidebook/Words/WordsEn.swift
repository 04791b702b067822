import Foundation

/// English.
public struct WordsEn: Words {
    public init() {}

    public let language = "en"

    public let appName = "Guidebook"
    public let loading = "Opening…"
    public let cancel = "Cancel"
    public let done = "Done"
    public let save = "Save"
    public let undo = "Undo"
    public let undone = "Undone"
    public let close = "Close"
    public let retry = "Try again"
    public let covered = "Guidebook is covered"

    public let enrolTitle = "Set up this phone"
    public let enrolWhatStays =
        "On this phone there will be the members you serve: their tags, notes and latest purchases. Nobody else's members."
    public let enrolLead =
        "They are encrypted and work without a network. After 72 hours without contact they are hidden, after 14 days "
        + "removed. Headquarters can take them back at any time."
    public let enrolServer = "Server address"
    public let enrolCode = "Code from headquarters"
    public let enrolScan = "Scan the code"
    public let enrolAct = "Set up"
    public let enrolling = "Setting up and fetching your members…"

    public let unlockTitle = "Guidebook is locked"
    public let unlockAct = "Unlock"
    public let unlockReason = "Open Guidebook"
    public let unlockLead = "Your members are encrypted and locked."
    public let unlockRefused = "That was not recognised. Try again, or use the phone's passcode."
    public let lockedOutLead =
        "Too many tries, or this phone has no passcode. Unlock the phone with its passcode first, then come back."
    public let wrongKeyTitle = "The key does not fit"
    public let wrongKeyLead =
        "The key on this phone does not open this book. Nothing was changed. Ask headquarters to set the phone up again."
    public let hiddenTitle = "Members are hidden"
    public let hiddenLead =
        "This phone has not reached the server for 72 hours, so members are hidden. Your edits are kept. "
        + "They show again as soon as there is contact."
    public let hiddenAct = "Connect now"
    public let wipedTitle = "The book was removed"
    public let wipedLead =
        "Headquarters has taken this phone back, or it was without contact for too long. No member is on it any more. "
        + "Ask headquarters for a new code to go on."
    public let faultTitle = "The book does not open"
    public let enrolAgain = "Set up again"
    public let unlocking = "One moment…"

    public let members = "Members"
    public let searchHint = "Name, initials, last digits"
    public func membersCount(_ count: Int) -> String { count == 1 ? "1 member" : "\(count) members" }
    public let noMembersTitle = "No members yet"
    public let noMembersLead = "Members you serve appear here by themselves. A new customer can be enrolled now."
    public let noMatchTitle = "Nobody found"
    public let noMatchLead = "Try another spelling, or a wider filter."
    public let filter = "Filter"
    public let filterReset = "Clear filter"
    public let walkin = "Enrol a customer"
    public let settings = "Settings"
    public let orderBy = "Sort"
    public func order(_ order: MemberOrder) -> String {
        switch order {
        case .recent: "Recent"
        case .name: "Name"
        case .spend: "Spend"
        }
    }
    public func birthdayIn(_ days: Int) -> String {
        switch days {
        case 0: "Birthday today"
        case 1: "Birthday tomorrow"
        default: "Birthday in \(days) days"
        }
    }
    public func dueMark(_ day: Day, today: Day) -> String { day < today ? "Follow-up overdue" : "Follow-up today" }
    public func waitingMark(_ count: Int) -> String { "\(count) to send" }
    public func tagHer(_ name: String) -> String { "Tag \(name)" }
    public func lastBought(_ day: Day) -> String { "Last bought \(self.day(day))" }
    public let noPurchase = "Has not bought yet"

    public func pill(_ pill: SyncPill, now: Date) -> String {
        switch pill {
        case .sending: "Syncing…"
        case .needsHer(let count): count == 1 ? "1 needs you" : "\(count) need you"
        case .offlineWaiting(let count): "Offline · \(count) to send"
        case .offline: "Offline · showing what is stored"
        case .waiting(let count): "\(count) to send"
        case .synced(let since): "All synced · \(ago(since, now: now))"
        case .never: "Not synced yet"
        }
    }
    public let pillHint = "Opens sync"

    public let filterTitle = "Filter members"
    public let filterHow =
        "Tap once: must have the tag. Tap again: must not. One tag of a group is enough; every group must fit."
    public let filterBirthday = "Birthday within 7 days"
    public let filterFollowUp = "Follow-up due"
    public let filterOr = " or "
    public let filterAnd = ", and "
    public func filterNot(_ tag: String) -> String { "not \(tag)" }
    public let filterNothing = "All members"
    public func filterShow(_ count: Int?) -> String { count.map { "Show \(membersCount($0))" } ?? "Show" }
    public let filterWith = "must have"
    public let filterWithout = "must not have"
    public let filterAny = "either way"

    public let call = "Call"
    public let reveal = "Show number"
    public let note = "Note"
    public let followUp = "Follow up"
    public let tagsAction = "Edit tags"
    public let fieldsAction = "Edit remark and sizes"
    public func points(_ points: Int64) -> String { "\(points) points" }
    public func birthday(_ birthday: Birthday) -> String {
        "Birthday \(Self.months[birthday.month - 1]) \(birthday.day)" + (birthday.year.map { ", \($0)" } ?? "")
    }
    public func joined(_ day: Day) -> String { "Joined \(self.day(day))" }
    public let memberships = "Memberships"
    public let mall = "Mall member"
    public let marketingYes = "Agrees to marketing"
    public let marketingNo = "No marketing"
    public let spendChart = "Spend in 12 months"
    public func spendTotal(_ fen: Int64, orders: Int) -> String {
        "\(money(fen)) in all, " + (orders == 1 ? "1 order" : "\(orders) orders")
    }
    public func spendPeak(_ month: String, _ fen: Int64) -> String { "Most in \(month): \(money(fen))" }
    public let noSpend = "Nothing in 12 months"
    public func cadence(_ days: Int) -> String { "Usually buys every \(days) days" }
    public func usualReturn(_ day: Day, today: Day) -> String {
        day < today ? "Was expected back \(self.day(day))" : "Expected back about \(self.day(day))"
    }
    public func replenish(_ product: String, _ day: Day) -> String { "\(product): due again about \(self.day(day))" }
    public let purchases = "Last purchases"
    public let noPurchases = "Has not bought yet"
    public let tags = "Tags"
    public let noTags = "No tags yet"
    public let notes = "Notes"
    public let noNotes = "No notes yet"
    public let followUps = "Follow-ups"
    public let followUpsNone = "Nothing to follow up"
    public func followUpDue(_ day: Day, today: Day) -> String {
        switch today.days(until: day) {
        case ..<0: "Was due \(self.day(day))"
        case 0: "Due today"
        default: "Due \(self.day(day))"
        }
    }
    public let followUpDone = "Follow-up done"
    public let followUpReopened = "Follow-up open again"
    public let details = "Preferences and sizes"
    public let fieldsNone = "Nothing filled in yet"
    public let memberGone = "She is not in your book any more; she may have been handed over to a colleague."

    public func tagsOf(_ name: String) -> String { "Tags of \(name)" }
    public let tagsSaved = "A tap saves at once and can be undone."
    public let personalTags = "My tags"
    public let singleChoice = "one only"
    public let hqOnlyWhy = "Set by headquarters, not here"
    public let personalTagNew = "New tag of my own"
    public let personalTagAdd = "Make and put on"
    public func tagOn(_ name: String) -> String { "“\(name)” put on" }
    public func tagTakenOff(_ name: String) -> String { "“\(name)” taken off" }

    public func noteTitle(_ name: String) -> String { "Note on \(name)" }
    public let noteHint = "What she likes, what she said"
    public let noteSaved = "Noted"
    public func charactersLeft(_ count: Int) -> String { count >= 0 ? "\(count) characters left" : "\(-count) too many" }
    public func followUpTitle(_ name: String) -> String { "Follow up \(name)" }
    public let followUpHint = "What to do"
    public let followUpWhen = "When"
    public let followUpOther = "Another day"
    public func inDays(_ days: Int) -> String {
        switch days {
        case 1: "Tomorrow"
        case 7: "In a week"
        case 30: "In a month"
        default: "In \(days) days"
        }
    }
    public let followUpSaved = "Follow-up kept"
    public func fieldsFor(_ name: String) -> String { "Remark and sizes of \(name)" }
    public func field(_ field: Field) -> String {
        switch field {
        case .remarkName: "Remark name"
        case .preferences: "Preferences"
        case .sizeTop: "Top size"
        case .sizeBottom: "Bottom size"
        case .sizeShoe: "Shoe size"
        case .sizeRing: "Ring size"
        }
    }
    public func fieldTooLong(_ limit: Int) -> String { "\(limit) characters at most" }
    public let fieldsSaved = "Saved"

    public let walkinName = "Name"
    public let walkinPhone = "Mobile number"
    public let walkinScan = "Scan a member code"
    public let walkinGender = "Gender"
    public func gender(_ gender: Gender?) -> String {
        switch gender {
        case .female: "Female"
        case .male: "Male"
        case nil: "Not said"
        }
    }
    public let walkinBirthday = "Birthday, like 0329 (optional)"
    public let consentTitle = "Ask her to agree in her own words"
    public func walkinBoth(_ brand: String) -> String { "Agrees to join the mall and \(brand)" }
    public let consentMall = "Joins the mall"
    public let consentMallWhy =
        "The mall keeps her name, number and purchases, for points and service. She can leave at any time."
    public func consentBrand(_ brand: String) -> String { "Joins \(brand)" }
    public func consentBrandWhy(_ brand: String) -> String {
        "\(brand) sees her details too. This is a consent of its own and may be left out."
    }
    public let consentMarketing = "Likes to receive offers"
    public let walkinOtherBrands = "Other brands"
    public func walkinKnown(_ name: String) -> String { "This number is a member's: \(name)" }
    public let walkinOpen = "Open her"
    public let walkinAct = "Enrol"
    public func walkinSaved(_ name: String) -> String { "\(name) is enrolled" }

    public let syncTitle = "Sync"
    public let syncNow = "Sync now"
    public let syncWorking = "Syncing…"
    public func lastContact(_ at: Date?, now: Date) -> String {
        at.map { "Last contact: \(ago($0, now: now))" } ?? "No contact yet"
    }
    public let syncRetrying = "The server can't be reached; trying again by itself"
    public let needsYou = "Needs you"
    public let waiting = "To be sent"
    public let syncDone = "Delivered"
    public let nothingWaits = "Nothing waits"
    public let syncSafe = "Every edit is kept on this phone and will not be lost."
    public func edit(_ kind: EditKind, what: String) -> String {
        let bare = self.bare(what)
        switch kind {
        case .tag: return what.hasPrefix("-") ? "Tag “\(bare)” off" : "Tag “\(bare)” on"
        case .choice: return bare.isEmpty ? "Choice cleared" : "Chosen “\(bare)”"
        case .note: return "Note: \(what)"
        case .noteWithdrawal: return what.hasPrefix("-") ? "Note withdrawn" : "Note brought back"
        case .followUp: return "Follow-up: \(what)"
        case .followUpDone: return what.hasPrefix("-") ? "Follow-up open again" : "Follow-up done"
        case .field: return what.isEmpty ? "Detail cleared" : "Detail set to “\(what)”"
        case .enrolment: return "Enrolled \(what)"
        case .personalTag: return what.isEmpty ? "Own tag given up" : "Own tag “\(what)”"
        case .reveal: return "Number shown"
        case .coupon: return "Coupon: \(what)"
        case .couponVoid: return "Coupon voided"
        case .surrender: return "Unused codes given back"
        }
    }
    public func fate(_ fate: Fate, now: Date) -> String {
        switch fate {
        case .waiting: "To be sent, kept on this phone"
        case .applied: "Holds"
        case .superseded(let guide, let at, let with):
            "\(guide) changed it to “\(with.isEmpty ? "nothing" : bare(with))”, \(ago(at, now: now)); the later one holds"
        case .redirected: "Member or tag was merged; the edit went along"
        case .refused(let refusal): "Did not hold: \(why(refusal))"
        }
    }
    public let editTitle = "This edit"
    public let applyAgain = "Apply again"
    public let editUndo = "Undo this edit"
    public let editLetBe = "Leave it as it is"
    public let appliedAgain = "Sent once more"
    public let openMember = "Open the member"

    public func revealTitle(_ name: String) -> String { "Number of \(name)" }
    public let revealLead = "Why do you need the full number? It goes on record."
    public func reveal(_ reason: RevealReason) -> String {
        switch reason {
        case .call: "To call"
        case .message: "To write"
        case .delivery: "For delivery"
        case .other: "Other"
        }
    }
    public let revealed = "Full number"
    public let revealShare = "Send the number"

    public func thisPhone(_ device: String) -> String { "This phone \(device)" }
    public let settingsLanguage = "Language"
    public func language(_ language: Language) -> String {
        switch language {
        case .zh: "简体中文"
        case .en: "English"
        }
    }
    public let settingsText = "Text size"
    public let settingsTextWhat = "Follows the system: Settings › Display & Brightness › Text Size"
    public let settingsLock = "Lock after leaving for"
    public func lockDelay(_ delay: LockDelay) -> String {
        switch delay {
        case .atOnce: "At once"
        case .oneMinute: "1 minute"
        case .fiveMinutes: "5 minutes"
        }
    }
    public let lockNow = "Lock now"
    public let guides = "Switch guide"
    public let guidesLead = "Your book is locked first; nobody else sees your members."
    public let guideAnother = "Set up for another guide"
    public let guideUnnamed = "A book without a name"
    public let guideHere = "In use"
    public let about = "About"
    public func version(_ version: String) -> String { "Version \(version)" }
    public let licences = "Open-source licences"

    public func pair(_ title: String, _ text: String) -> String { "\(title): \(text)" }
    public func listed(_ names: [String]) -> String { names.joined(separator: ", ") }

    public func problem(_ problem: Problem) -> String {
        switch problem {
        case .offline: "No network. Your edits are kept and go out by themselves."
        case .signedOut:
            "The server does not know this phone any more. Ask head office for a new code; what was not sent is still here."
        case .locked: "Guidebook is locked."
        case .wrongKey: "The key does not open this book."
        case .notFound: "That is not in this book."
        case .invalid(_, let reason): invalid(reason)
        case .alreadyMember: "This number is a member's already."
        case .storageFull: "The phone is full; this was not kept. Make room and try again."
        case .storageFault: "The phone's storage failed; this was not kept."
        case .upgradeNeeded: "Update Guidebook to go on syncing."
        case .busy(let seconds): "The server is busy; try again in \(seconds) seconds."
        case .wiped: "The book was removed from this phone."
        }
    }
    public func invalid(_ reason: InvalidReason) -> String {
        switch reason {
        case .empty: "Must not be empty"
        case .tooLong(let limit): "\(limit) characters at most"
        case .tooMany(let limit): "\(limit) at most"
        case .unknown: "Is gone; headquarters may have deleted it"
        case .hqOnly: "Set by headquarters, not here"
        case .outOfScope: "Belongs to another brand or store"
        case .wrongKind: "Does not fit this group"
        case .sensitive(.health): "Health is protected by law and can't be a tag"
        case .sensitive(.religion): "Faith is protected by law and can't be a tag"
        case .sensitive(.minors): "Children are protected by law and can't be a tag"
        case .malformed: "Can't be read"
        case .noConsent: "She must agree first"
        case .noChange: "It is so already"
        case .notUndoable: "Can't be undone any more; a later edit stands"
        case .notIssuable(let why): bar(why)
        case .refused: "The server did not accept it"
        }
    }
    public func day(_ day: Day) -> String { "\(Self.months[day.month - 1]) \(day.day), \(day.year)" }
    public func ago(_ at: Date, now: Date) -> String {
        switch Int(now.timeIntervalSince(at)) {
        case ..<60: "just now"
        case let s where s < 3600: "\(s / 60) min ago"
        case let s where s < 86_400: "\(s / 3600) h ago"
        case let s: s < 172_800 ? "1 day ago" : "\(s / 86_400) days ago"
        }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private func why(_ refusal: Refusal) -> String {
        switch refusal {
        case .notYourMember: "she is not your member any more"
        case .tagDeleted: "headquarters deleted the tag"
        case .rule(let reason): invalid(reason)
        case .notYours: "it is not this phone's edit"
        case .notUnderstood: "the app is too old; update it"
        case .coupon(let why): couponRefusal(why)
        }
    }
}
