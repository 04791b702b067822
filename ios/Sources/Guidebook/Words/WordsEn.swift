import Foundation

/// English.
public struct WordsEn: Words {
    public init() {}

    public let appName = "Guidebook"
    public let loading = "Loading…"
    public let cancel = "Cancel"
    public let done = "Done"
    public let save = "Save"
    public let undo = "Undo"
    public let undone = "Undone"
    public let close = "Close"
    public let retry = "Try again"
    public let covered = "Guidebook is covered"

    public let enrolTitle = "Set up this phone"
    public let enrolWhatStays = [
        "Only your own members, nobody else's",
        "Encrypted, and works without a network",
        "Hidden after 72 hours offline, erased after 14 days",
        "Erased by headquarters if the phone is lost",
    ]
    public let enrolLead =
        "The code from headquarters brings the members you serve to this phone."
    public let enrolServer = "Server address"
    public let enrolCode = "Code from headquarters"
    public let enrolScan = "Scan the code"
    public let enrolAct = "Set up"
    public let enrolling = "Setting up…"

    public let unlockTitle = "Guidebook is locked"
    public let unlockAct = "Unlock"
    public let unlockReason = "Open Guidebook"
    public let unlockLead = "Confirm that it's you to open it."
    public let unlockRefused = "That was not recognised. Try again, or use the phone's passcode."
    public let lockedOutTitle = "Too many tries"
    public let lockedOutLead =
        "Unlock the phone with its own passcode first (set one if there is none), then come back. The book is unharmed."
    public let wrongKeyTitle = "The key does not fit"
    public let wrongKeyLead =
        "This phone's key does not open this book; it may come from a backup. What was sent is at headquarters. "
        + "Ask for a new code."
    public let hiddenTitle = "Members are hidden"
    public let hiddenLead =
        "No contact with headquarters for 72 hours. One sync shows them again. Your edits are all still here."
    public let hiddenAct = "Sync now"
    public let wipedTitle = "The book was erased"
    public let wipedLead =
        "Headquarters took this phone back, or it was out of contact for 14 days. The members are gone from this "
        + "phone; headquarters has them all."
    public let faultTitle = "The book can't be opened"
    public let enrolAgain = "Set up with a new code"
    public let unlocking = "Opening…"

    public let members = "Members"
    public let searchHint = "Name, initials, last digits"
    public func membersCount(_ count: Int) -> String { count == 1 ? "1 member" : "\(count) members" }
    public let noMembersTitle = "No members yet"
    public let noMembersLead = "Members that headquarters gives you appear here. You can enrol the first one now."
    public let noMatchTitle = "Nobody found"
    public let noMatchLead = "Try initials or the last digits of the number, or a wider filter."
    public let filter = "Filter"
    public let clearFilter = "Clear filter"
    public let filterReset = "Clear all"
    public let walkin = "New member"
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
    public func waitingMark(_ count: Int) -> String { count == 1 ? "1 edit to send" : "\(count) edits to send" }
    public func tagsOf(_ name: String) -> String { "Tag \(name)" }
    public func lastBoughtOn(_ day: Day) -> String { "Last bought \(self.day(day))" }

    public func pill(_ pill: SyncPill, now: Date) -> String {
        switch pill {
        case .sending: "Syncing…"
        case .needsHer(let count): count == 1 ? "1 needs attention" : "\(count) need attention"
        case .offlineWaiting(let count): "Offline · \(count) to send"
        case .offline: "Offline · everything works"
        case .waiting(let count): "\(count) to send"
        case .synced(let since): "All synced · \(ago(since, now: now))"
        case .never: "Not synced yet"
        }
    }
    public let pillHint = "Opens sync"

    public let filterTitle = "Filter members"
    public let filterHow =
        "Tap to include, tap again to exclude. Any one in a group is enough; all groups must match."
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
    public let followUp = "Follow-up"
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
    public let noSpend = "Nothing spent in 12 months"
    public func cadence(_ days: Int) -> String { "Usually comes every \(days) days" }
    public func usualReturn(_ day: Day, today: Day) -> String {
        day < today ? "Was expected back \(self.day(day))" : "Expected back \(self.day(day))"
    }
    public func replenish(_ product: String, _ day: Day, today: Day) -> String {
        day < today ? "\(product): was used up about \(self.day(day))" : "\(product): used up about \(self.day(day))"
    }
    public let purchases = "Last purchases"
    public let noPurchases = "No purchases yet"
    public let tags = "Tags"
    public let noTags = "No tags yet"
    public let notes = "Notes"
    public let noNotes = "No notes yet. What she likes, her family, what you promised: write it down and it's kept."
    public let followUps = "Follow-ups"
    public let followUpsNone = "Nothing to follow up"
    public func followUpDue(_ day: Day, today: Day) -> String {
        switch today.days(until: day) {
        case ..<0: "Was due \(self.day(day))"
        case 0: "Due today"
        default: "Due \(self.day(day))"
        }
    }
    public let doneSaved = "Follow-up done"
    public let openedAgain = "Follow-up open again"
    public let details = "Remark, preferences, sizes"
    public let fieldsNone = "Nothing filled in yet"
    public let memberGone = "She is not in your book any more; she may have been handed over to a colleague."

    public func tagsTitle(_ name: String) -> String { "Tags of \(name)" }
    public let tagsSaved = "A tap saves at once and can be undone."
    public let personalTags = "My tags"
    public let singleChoice = "one only"
    public let hqOnlyWhy = "Headquarters sets this group; it can't be changed here"
    public let personalTagNew = "New tag"
    public let personalTagAdd = "Add the tag"
    public func tagOn(_ name: String) -> String { "Tagged “\(name)”" }
    public func tagTakenOff(_ name: String) -> String { "Removed “\(name)”" }

    public func noteTitle(_ name: String) -> String { "Note on \(name)" }
    public let noteHint = "What you talked about, what she likes, what you promised"
    public let noteSaved = "Note saved"
    public func charactersLeft(_ count: Int) -> String {
        count >= 0 ? "\(count) characters left" : "\(-count) characters too many"
    }
    public func followUpTitle(_ name: String) -> String { "Follow up \(name)" }
    public let followUpHint = "What needs doing"
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
    public let followUpSaved = "Follow-up saved"
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
    public let walkinScan = "Scan her member code"
    public let walkinGender = "Gender"
    public func gender(_ gender: Gender?) -> String {
        switch gender {
        case .female: "Female"
        case .male: "Male"
        case nil: "Not said"
        }
    }
    public let walkinBirthdayField = "Birthday, like 0329 (optional)"
    public let consentTitle = "What she agrees to"
    public func walkinBoth(_ brand: String) -> String { "Join the mall and \(brand)" }
    public let consentMall = "Join the mall"
    public let consentMallWhy =
        "The mall keeps her name, number and purchases, for points and service. She can leave at any time."
    public func consentBrand(_ brand: String) -> String { "Join \(brand)" }
    public let consentBrandWhy =
        "The brand sees her details and what she buys of it, for service. It may be left out."
    public let consentMarketing = "Receive news and offers"
    public let walkinOtherBrands = "Other brands"
    public func walkinKnown(_ name: String) -> String { "This number is already a member: \(name)" }
    public let walkinOpen = "Open"
    public let walkinAct = "Enrol"
    public func walkinSaved(_ name: String) -> String { "\(name) is enrolled" }

    public let syncTitle = "Sync"
    public let syncNow = "Sync now"
    public let syncWorking = "Syncing…"
    public func lastContact(_ at: Date?, now: Date) -> String {
        at.map { "Last contact: \(ago($0, now: now))" } ?? "No contact yet"
    }
    public let syncRetrying = "Headquarters can't be reached; trying again by itself"
    public let needsYou = "Needs your attention"
    public let waiting = "To be sent"
    public let syncDone = "Delivered"
    public let nothingWaits = "Nothing is waiting to be sent"
    public let syncSafe = "Your edits are all on this phone and go out by themselves once there is a network."
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
    public let appliedAgain = "Applied again, waiting to be sent"
    public let openMember = "Open member"

    public func revealTitle(_ name: String) -> String { "Number of \(name)" }
    public let revealLead = "To protect her, each view is recorded with its reason."
    public func revealReason(_ reason: RevealReason) -> String {
        switch reason {
        case .call: "Call her"
        case .message: "Message her"
        case .delivery: "Delivery"
        case .other: "Something else"
        }
    }
    public let revealedNumber = "Full number"
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
    public let guides = "Hand over to another guide"
    public let guidesLead = "Each guide's book is encrypted on its own; nobody sees another's."
    public let guideAnother = "Set up for another guide"
    public let guideUnnamed = "Unnamed"
    public let guideHere = "In use"
    public let about = "About"
    public func version(_ version: String) -> String { "Version \(version)" }
    public let licences = "Open-source licences"

    public func pair(_ title: String, _ text: String) -> String { "\(title): \(text)" }
    public func listed(_ names: [String]) -> String { names.joined(separator: ", ") }

    public func problem(_ problem: Problem) -> String {
        switch problem {
        case .offline: "No network. Your edits are safe on this phone and go out by themselves"
        case .signedOut:
            "The server does not know this phone any more. Ask headquarters for a new code; what was not sent is still here."
        case .locked: "The book is locked"
        case .wrongKey: "The key does not fit. Nothing was changed"
        case .notFound: "Not found. She may be with a colleague by now"
        case .invalid(_, let reason): invalid(reason)
        case .alreadyMember: "This number is already a member"
        case .storageFull: "The phone is full. Nothing was saved; make room and try again"
        case .storageFault: "Reading or writing failed, and nothing was changed; try again"
        case .upgradeNeeded: "This version is too old. Please update"
        case .busy(let seconds): "Headquarters is busy. Trying again in \(seconds) s"
        case .wiped: "The book on this phone was erased"
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
        case .refused: "Headquarters did not accept it"
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
