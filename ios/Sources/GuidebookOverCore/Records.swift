import Foundation
import Guidebook
import GuidebookCore

// What the core says, in the records of the models. Days and times become types; what cannot be read is left out.

private func date(_ ms: UInt64) -> Date { Date(timeIntervalSince1970: Double(ms) / 1000) }

extension Shown.BookState {
    init(_ state: GuidebookCore.BookState) {
        switch state {
        case .empty: self = .empty
        case .locked: self = .locked
        case .unenrolled: self = .unenrolled
        case .open: self = .open
        case .hidden: self = .hidden
        }
    }
}

extension Guide {
    init(_ view: GuideView) {
        self.init(id: view.id, name: view.name, store: view.store, brand: view.brand, device: view.device)
    }
}

extension GuidebookCore.ListRequest {
    init(_ request: Shown.ListRequest) {
        let order: GuidebookCore.MemberOrder =
            switch request.order {
            case .recent: .recent
            case .name: .name
            case .spend: .spend
            }
        self.init(
            text: request.text, tags: request.tags, order: order, offset: UInt32(request.offset),
            limit: UInt32(Shown.ListRequest.page), birthdayWithinDays: request.birthdayWithinDays.map(UInt32.init),
            followUpDue: request.followUpDue)
    }
}

extension Shown.MemberPage {
    init(_ page: GuidebookCore.MemberPage) {
        self.init(rows: page.rows.map(Shown.MemberRow.init), total: Int(page.total))
    }
}

extension Shown.MemberRow {
    init(_ row: GuidebookCore.MemberRow) {
        self.init(id: row.id, name: row.name)
        remarkName = row.remarkName
        maskedPhone = row.maskedPhone
        level = row.level
        tags = row.tags
        spendFen = row.spendFen
        lastPurchase = row.lastPurchase.flatMap { Day($0) }
        waiting = Int(row.waiting)
        daysToBirthday = row.daysToBirthday.map(Int.init)
        nextFollowUp = row.nextFollowUp.flatMap { Day($0) }
        indexLetter = row.indexLetter
        matches = row.matches.map(Match.init)
    }
}

extension Match {
    init(_ span: MatchSpan) {
        let field: Field =
            switch span.field {
            case .name: .name
            case .remarkName: .remarkName
            case .phone: .phone
            }
        self.init(field: field, start: Int(span.start), length: Int(span.length))
    }
}

extension Member {
    init(_ view: MemberView) {
        self.init(row: Shown.MemberRow(view.row))
        birthday = view.birthday.flatMap { Birthday($0) }
        joined = view.joined.flatMap { Day($0) }
        points = view.points
        store = view.storeName ?? view.store
        brands = view.memberships.map { Brand(id: $0.id, name: $0.name) }
        marketing = view.marketingConsent
        orders = Int(view.orders)
        purchases = view.purchases.compactMap { row in
            Day(row.day).map {
                Purchase(day: $0, product: row.product, quantity: Int(row.quantity), paidFen: row.paidFen)
            }
        }
        notes = view.notes.map { Note(id: $0.id, text: $0.text, guide: $0.guide, at: date($0.atMs)) }
        followUps = view.followUps.compactMap { row in
            Day(row.due).map { FollowUp(id: row.id, text: row.text, due: $0, done: row.done, guide: row.guide) }
        }
        fields = Dictionary(view.fields.map { (Field($0.field), $0.value) }) { first, _ in first }
        spendByMonth = view.spendByMonth.map { Shown.MonthSpend(month: $0.month, spendFen: $0.spendFen) }
        cadenceDays = view.cadenceDays.map(Int.init)
        usualReturn = view.usualReturn.flatMap { Day($0) }
        replenishments = view.replenishments.compactMap { row in
            Day(row.due).map { Replenishment(product: row.product, due: $0) }
        }
    }
}

extension TagGroup {
    init(_ view: TagGroupView) {
        self.init(
            id: view.id, name: view.name, singleChoice: view.singleChoice, editable: view.editable,
            tags: view.tags.map { Tag(id: $0.id, name: $0.name) })
    }
}

extension Limits {
    init(_ view: LimitsView) {
        self.init()
        note = Int(view.note)
        tagName = Int(view.tagName)
        remarkName = Int(view.remarkName)
        preferences = Int(view.preferences)
        size = Int(view.size)
    }
}

extension Code {
    init(_ view: CodeView) {
        switch view {
        case .enrolment(let code, let server): self = .enrolment(code: code, server: server)
        case .phone(let phone, let member): self = .phone(phone, member: member)
        case .member(let member): self = .member(member)
        case .unknown: self = .unknown
        }
    }
}

extension Field {
    init(_ field: MemberField) {
        switch field {
        case .remarkName: self = .remarkName
        case .preferences: self = .preferences
        case .sizeTop: self = .sizeTop
        case .sizeBottom: self = .sizeBottom
        case .sizeShoe: self = .sizeShoe
        case .sizeRing: self = .sizeRing
        }
    }
}

extension MemberField {
    init(_ field: Field) {
        switch field {
        case .remarkName: self = .remarkName
        case .preferences: self = .preferences
        case .sizeTop: self = .sizeTop
        case .sizeBottom: self = .sizeBottom
        case .sizeShoe: self = .sizeShoe
        case .sizeRing: self = .sizeRing
        }
    }
}

extension WalkinRequest {
    init(_ walkin: Walkin) {
        let gender: MemberGender? =
            switch walkin.gender {
            case .female: .female
            case .male: .male
            case nil: nil
            }
        self.init(
            name: walkin.name, phone: walkin.phone, gender: gender, birthday: walkin.birthday,
            agreesToMembership: walkin.membership, agreesToMarketing: walkin.marketing, agreesToBrands: walkin.brands)
    }
}

extension GuidebookCore.RevealReason {
    init(_ reason: Shown.RevealReason) {
        switch reason {
        case .call: self = .call
        case .message: self = .message
        case .delivery: self = .delivery
        case .other: self = .other
        }
    }
}
