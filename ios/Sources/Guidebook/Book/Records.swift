import Foundation

/// Whether the book can be read.
public enum BookState: Sendable {
    case empty, locked, unenrolled, open, hidden
}

public struct Guide: Equatable, Sendable {
    public let id: String
    public let name: String
    public let store: String
    public let brand: String?
    /// This phone's id, for support.
    public let device: String

    public init(id: String, name: String, store: String, brand: String? = nil, device: String = "") {
        self.id = id
        self.name = name
        self.store = store
        self.brand = brand
        self.device = device
    }
}

/// A guide whose book lies on this phone. There is no `name` where no label was kept for her.
public struct GuideOnPhone: Equatable, Sendable, Identifiable {
    public let book: String
    public let name: String?
    public let current: Bool

    public var id: String { book }

    public init(book: String, name: String?, current: Bool) {
        self.book = book
        self.name = name
        self.current = current
    }
}

public enum MemberOrder: String, CaseIterable, Sendable {
    case recent, name, spend
}

public struct ListRequest: Equatable, Sendable {
    /// The core's largest page.
    public static let page = 50

    public var text = ""
    /// A tag expression over tag ids; empty for none.
    public var tags = ""
    public var birthdayWithinDays: Int?
    public var followUpDue = false
    public var order = MemberOrder.recent
    public var offset = 0

    public init() {}
}

public struct MemberPage: Equatable, Sendable {
    public let rows: [MemberRow]
    public let total: Int

    public init(rows: [MemberRow], total: Int) {
        self.rows = rows
        self.total = total
    }
}

/// Where the search was found in the shown text, in Unicode scalars.
public struct Match: Equatable, Sendable {
    public enum Field: Sendable {
        case name, remarkName, phone
    }

    public let field: Field
    public let start: Int
    public let length: Int

    public init(field: Field, start: Int, length: Int) {
        self.field = field
        self.start = start
        self.length = length
    }
}

public struct MemberRow: Equatable, Sendable, Identifiable {
    public let id: String
    public var name: String
    public var remarkName = ""
    public var maskedPhone = ""
    public var level = ""
    public var tags: [String] = []
    public var spendFen: Int64 = 0
    public var lastPurchase: Day?
    /// Edits that wait for the server.
    public var waiting = 0
    public var daysToBirthday: Int?
    /// The earliest day on which an open follow-up is due.
    public var nextFollowUp: Day?
    /// `A` to `Z`, or `#`.
    public var indexLetter = "#"
    public var matches: [Match] = []

    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

public struct Member: Equatable, Sendable {
    public var row: MemberRow
    public var birthday: Birthday?
    public var joined: Day?
    public var points: Int64 = 0
    public var store: String?
    public var brands: [Brand] = []
    public var marketing = false
    public var orders = 0
    public var purchases: [Purchase] = []
    public var notes: [Note] = []
    public var followUps: [FollowUp] = []
    public var fields: [Field: String] = [:]
    /// The last twelve months, oldest first.
    public var spendByMonth: [MonthSpend] = []
    public var cadenceDays: Int?
    /// The day on which she is usually back.
    public var usualReturn: Day?
    public var replenishments: [Replenishment] = []

    public init(row: MemberRow) {
        self.row = row
    }
}

public struct Brand: Equatable, Hashable, Sendable, Identifiable {
    public let id: String
    public let name: String

    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

public struct Purchase: Equatable, Sendable {
    public let day: Day
    public let product: String
    public let quantity: Int
    public let paidFen: Int64

    public init(day: Day, product: String, quantity: Int, paidFen: Int64) {
        self.day = day
        self.product = product
        self.quantity = quantity
        self.paidFen = paidFen
    }
}

public struct MonthSpend: Equatable, Sendable {
    /// `YYYY-MM`.
    public let month: String
    public let spendFen: Int64

    public init(month: String, spendFen: Int64) {
        self.month = month
        self.spendFen = spendFen
    }
}

public struct Replenishment: Equatable, Sendable {
    public let product: String
    public let due: Day

    public init(product: String, due: Day) {
        self.product = product
        self.due = due
    }
}

public struct Note: Equatable, Sendable, Identifiable {
    public let id: String
    public let text: String
    public let guide: String
    public let at: Date

    public init(id: String, text: String, guide: String, at: Date) {
        self.id = id
        self.text = text
        self.guide = guide
        self.at = at
    }
}

public struct FollowUp: Equatable, Sendable, Identifiable {
    public let id: String
    public let text: String
    public let due: Day
    public let done: Bool
    public let guide: String

    public init(id: String, text: String, due: Day, done: Bool, guide: String) {
        self.id = id
        self.text = text
        self.due = due
        self.done = done
        self.guide = guide
    }
}

/// What a guide keeps on a member.
public enum Field: String, CaseIterable, Sendable {
    case remarkName, preferences, sizeTop, sizeBottom, sizeShoe, sizeRing
}

public struct TagGroup: Equatable, Sendable, Identifiable {
    /// Her own tags come under this id.
    public static let personalId = "personal"

    public let id: String
    public let name: String
    public let singleChoice: Bool
    public let editable: Bool
    public let tags: [Tag]

    public var isPersonal: Bool { id == Self.personalId }

    /// Set by HQ alone.
    public var isLocked: Bool { !editable && !isPersonal }

    func with(_ tags: [Tag]) -> TagGroup {
        TagGroup(id: id, name: name, singleChoice: singleChoice, editable: editable, tags: tags)
    }

    public init(id: String, name: String, singleChoice: Bool, editable: Bool, tags: [Tag]) {
        self.id = id
        self.name = name
        self.singleChoice = singleChoice
        self.editable = editable
        self.tags = tags
    }
}

public struct Tag: Equatable, Hashable, Sendable, Identifiable {
    public let id: String
    public let name: String

    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

public enum Gender: String, CaseIterable, Sendable {
    case female, male
}

/// Somebody who is not a member yet.
public struct Walkin: Equatable, Sendable {
    public var name = ""
    public var phone = ""
    public var gender: Gender?
    /// `YYYY-MM-DD` or `--MM-DD`.
    public var birthday: String?
    public var membership = false
    public var marketing = false
    public var brands: [String] = []

    public init() {}
}

/// What was scanned.
public enum Code: Equatable, Sendable {
    case enrolment(code: String, server: String?)
    /// A phone number, and the member of this book who has it.
    case phone(String, member: String?)
    case member(String)
    case unknown
}

/// The longest inputs, in characters, and the most tags.
public struct Limits: Equatable, Sendable {
    public var note = 1_000
    public var tagName = 30
    public var remarkName = 30
    public var preferences = 500
    public var size = 20

    public init() {}
}

public enum RevealReason: String, CaseIterable, Sendable {
    case call, message, delivery, other
}
