/// Which members are wanted. Tags of one group are *or*, groups are *and*, and a tag may be one that she must not have.
public struct MemberFilter: Equatable, Sendable {
    public enum Choice: Equatable, Sendable {
        case any, with, without
    }

    public var birthdayThisWeek = false
    public var followUpDue = false
    private var choices: [GroupChoices] = []

    private struct GroupChoices: Equatable {
        let group: String
        var with: [Tag] = []
        var without: [Tag] = []
    }

    public init() {}

    public var isEmpty: Bool { self == MemberFilter() }

    public func choice(of tag: Tag) -> Choice {
        if choices.contains(where: { $0.with.contains(tag) }) { return .with }
        return choices.contains { $0.without.contains(tag) } ? .without : .any
    }

    /// With, without, either: one tap goes on to the next.
    public mutating func turn(_ tag: Tag, in group: TagGroup) {
        let before = choice(of: tag)
        var mine = choices.first { $0.group == group.id } ?? GroupChoices(group: group.id)
        mine.with.removeAll { $0 == tag }
        mine.without.removeAll { $0 == tag }
        switch before {
        case .any: mine.with.append(tag)
        case .with: mine.without.append(tag)
        case .without: break
        }
        choices.removeAll { $0.group == group.id }
        if !mine.with.isEmpty || !mine.without.isEmpty { choices.append(mine) }
        choices.sort { $0.group < $1.group }
    }

    /// What the core reads: `(T1 OR T2) AND NOT T3`.
    public var expression: String {
        choices.flatMap { mine in
            let with = mine.with.isEmpty ? [] : ["(" + mine.with.map(\.id).joined(separator: " OR ") + ")"]
            return with + mine.without.map { "NOT \($0.id)" }
        }
        .joined(separator: " AND ")
    }

    /// The same for her: `送礼或通勤，且不是沉睡，且 7 天内生日`.
    public func sentence(_ words: any Words) -> String {
        var parts = choices.flatMap { mine in
            let with = mine.with.isEmpty ? [] : [mine.with.map(\.name).joined(separator: words.filterOr)]
            return with + mine.without.map { words.filterNot($0.name) }
        }
        if birthdayThisWeek { parts.append(words.filterBirthday) }
        if followUpDue { parts.append(words.filterFollowUp) }
        return parts.joined(separator: words.filterAnd)
    }
}
