import Foundation

/// Why something is no coupon: one word, the same as in Rust.
struct Refused: Error, Equatable {
    let why: String
}

/// What a till sees of a coupon, read by nothing but the description of the formats in `core/domain/src/coupon`: it shares no
/// line with the core that wrote it. Signatures are left to Kotlin and Python, whose libraries have Ed25519 on every system.
enum CouponReader {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    private static let base45 = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    private static let hyphens = Set("-\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}\u{ff0d}")

    /// The powers of two in GF(32), whose polynomial is x^5 + x^2 + 1.
    private static let powers: [Int] = (1..<31).reduce(into: [1]) { powers, _ in
        let twice = powers[powers.count - 1] << 1
        powers.append(twice & 32 == 0 ? twice : twice ^ 0b100101)
    }

    private static func times(_ symbol: Int, _ exponent: Int) -> Int {
        guard let logarithm = powers.firstIndex(of: symbol) else { return 0 }
        return powers[(logarithm + exponent) % 31]
    }

    private static func fits(_ word: [Int]) -> Bool {
        [1, 2].allSatisfy { step in
            word.reversed().enumerated().reduce(0) { $0 ^ times($1.element, step * $1.offset % 31) } == 0
        }
    }

    /// The 16 symbols of a code as somebody types it.
    static func parse(_ text: String) throws -> String {
        let kept = text.filter { !$0.isWhitespace && !hyphens.contains($0) }.map { character -> Character in
            let capital = character.isASCII ? Character(character.uppercased()) : character
            return ["O": "0", "I": "1", "L": "1"][capital] ?? capital
        }
        let word = kept.compactMap(alphabet.firstIndex)
        guard kept.count == 16, word.count == 16 else { throw Refused(why: "Form") }
        guard word[0] >= 10 else { throw Refused(why: "Class") }
        guard fits(word) else { throw Refused(why: "Check") }
        return String(kept)
    }

    /// The code of a class and 13 random symbols: of all check symbols the two that fit.
    static func code(letter: Character, random: [Int]) -> String {
        let word = [alphabet.firstIndex(of: letter)!] + random
        let checks = (0..<1024).map { [$0 / 32, $0 % 32] }.first { fits(word + $0) }!
        return String((word + checks).map { alphabet[$0] })
    }

    /// The 13 symbols of 65 bits that are written as a decimal number.
    static func symbols(ofDecimal text: String) -> [Int] {
        var digits = text.map { Int(String($0))! }
        let symbols = (0..<13).map { _ in
            var rest = 0
            for place in digits.indices {
                (digits[place], rest) = (rest * 10 + digits[place]).quotientAndRemainder(dividingBy: 32)
            }
            return rest
        }
        return symbols.reversed()
    }

    static func grouped(_ code: String) -> String {
        stride(from: 0, to: 16, by: 4).map { String(code.dropFirst($0).prefix(4)) }.joined(separator: "-")
    }

    static func decode(_ text: String) throws -> [UInt8] {
        let characters = Array(text)
        return try stride(from: 0, to: characters.count, by: 3).flatMap { start -> [UInt8] in
            let group = characters[start..<min(start + 3, characters.count)]
            let values = group.compactMap(base45.firstIndex)
            let number = values.reversed().reduce(0) { $0 * 45 + $1 }
            let size = group.count - 1
            guard values.count == group.count, size > 0, number < 1 << (8 * size) else { throw Refused(why: "Malformed") }
            return (0..<size).reversed().map { UInt8(number >> (8 * $0) & 0xff) }
        }
    }

    static func encode(_ bytes: [UInt8]) -> String {
        stride(from: 0, to: bytes.count, by: 2).map { start in
            let pair = bytes[start..<min(start + 2, bytes.count)]
            var number = pair.reduce(0) { $0 << 8 | Int($1) }
            return String(
                (0...pair.count).map { _ in
                    defer { number /= 45 }
                    return base45[number % 45]
                })
        }.joined()
    }

    /// What a voucher says.
    struct Says: Equatable {
        let kid: Int
        let code: String
        let kind: String
        let value: Int
        let capFen: Int
        let leastSpendFen: Int
        let lastDay: String
        let store: Int
    }

    /// What a voucher says, true or not.
    static func read(_ text: String) throws -> Says {
        let bytes = try signed(text)
        var at = 0
        func take(_ width: Int) -> Int {
            defer { at += width }
            return (at..<at + width).reduce(0) { $0 << 1 | Int(bytes[$1 / 8] >> (7 - $1 % 8) & 1) }
        }
        _ = take(4)
        let (kid, letter) = (take(4), take(5))
        guard letter >= 10 else { throw Refused(why: "Malformed") }
        let code = code(letter: alphabet[letter], random: (0..<13).map { _ in take(5) })
        let (kind, value) = (take(2), take(20))
        let (half, cap) = (value >> 12, value & 0xfff)
        let isPercent = kind == 1
        guard kind < 3, value > 0, !isPercent || ((1...200).contains(half) && cap > 0) else {
            throw Refused(why: "Malformed")
        }
        return Says(
            kid: kid, code: code, kind: ["amount", "percent", "gift"][kind], value: isPercent ? half * 50 : value,
            capFen: isPercent ? cap * 100 : 0, leastSpendFen: take(10) * 1000, lastDay: day(take(12)), store: take(14))
    }

    /// The day that many days after the first that a voucher can say.
    private static func day(_ number: Int) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "UTC")!
        let first = calendar.date(from: DateComponents(year: 2026, month: 1, day: 1))!
        let parts = calendar.dateComponents([.year, .month, .day], from: first.addingTimeInterval(Double(number) * 86_400))
        return String(format: "%04d-%02d-%02d", parts.year!, parts.month!, parts.day!)
    }

    private static func signed(_ text: String) throws -> [UInt8] {
        let trimmed = String(text.reversed().drop { $0.isWhitespace }.reversed())
        let bytes = try decode(trimmed.count == 121 ? " " + trimmed : trimmed)
        guard bytes.count >= 81 else { throw Refused(why: "Malformed") }
        guard bytes[0] >> 4 <= 1 else { throw Refused(why: "FutureVersion") }
        guard bytes.count == 81, bytes[0] >> 4 == 1 else { throw Refused(why: "Malformed") }
        return bytes
    }
}
