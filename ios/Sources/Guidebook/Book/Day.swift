import Foundation

/// A day of the calendar, in no time zone.
public struct Day: Hashable, Comparable, Sendable {
    public let year: Int
    public let month: Int
    public let day: Int

    /// Reads `YYYY-MM-DD`.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day of a moment, where the phone is.
    public init(_ moment: Date, calendar: Calendar = .current) {
        let parts = calendar.dateComponents([.year, .month, .day], from: moment)
        year = parts.year ?? 1
        month = parts.month ?? 1
        day = parts.day ?? 1
    }

    /// `YYYY-MM-DD`.
    public var text: String {
        String(format: "%04d-%02d-%02d", year, month, day)
    }

    public func adding(days: Int) -> Day {
        Day(Self.utc.date(byAdding: .day, value: days, to: moment) ?? moment, calendar: Self.utc)
    }

    public func days(until other: Day) -> Int {
        Self.utc.dateComponents([.day], from: moment, to: other.moment).day ?? 0
    }

    public static func < (one: Day, other: Day) -> Bool {
        (one.year, one.month, one.day) < (other.year, other.month, other.day)
    }

    private var moment: Date {
        Self.utc.date(from: DateComponents(year: year, month: month, day: day)) ?? .distantPast
    }

    private static let utc: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        return calendar
    }()
}

/// A day of the year, and the year where she told it.
public struct Birthday: Equatable, Sendable {
    public let month: Int
    public let day: Int
    public let year: Int?

    /// Reads `YYYY-MM-DD` or `--MM-DD`.
    public init?(_ text: String) {
        let told = !text.hasPrefix("--")
        guard let whole = Day(told ? text : "2000-" + text.dropFirst(2)) else { return nil }
        month = whole.month
        day = whole.day
        year = told ? whole.year : nil
    }
}
