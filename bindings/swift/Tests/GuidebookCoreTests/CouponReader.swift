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
    private static let powers: [Int] = {
        var powers = [1]
        while powers.count < 31 {
            let twice: Int = powers[powers.count - 1] * 2
            powers.append(twice < 32 ? twice : twice ^ 0b100101)
        }
        return powers
    }()

    private static func times(_ symbol: Int, _ exponent: Int) -> Int {
        guard let logarithm = powers.firstIndex(of: symbol) else { return 0 }
        return powers[(logarithm + exponent) % 31]
    }

    private static func fits(_ word: [Int]) -> Bool {
        var (once, twice) = (0, 0)
        for (place, symbol) in word.reversed().enumerated() {
            once ^= times(symbol, place)
            twice ^= times(symbol, 2 * place)
        }
        return once == 0 && twice == 0
    }

    /// The 16 symbols of a code as somebody types it.
    static func parse(_ text: String) throws -> String {
        let meant: [Character: Character] = ["O": "0", "I": "1", "L": "1"]
        var kept: [Character] = []
        for character in text where !character.isWhitespace && !hyphens.contains(character) {
            let capital = character.isASCII ? Character(character.uppercased()) : character
            kept.append(meant[capital] ?? capital)
        }
        let word = kept.compactMap { alphabet.firstIndex(of: $0) }
        guard kept.count == 16, word.count == 16 else { throw Refused(why: "Form") }
        guard word[0] >= 10 else { throw Refused(why: "Class") }
        guard fits(word) else { throw Refused(why: "Check") }
        return String(kept)
    }

    /// The code of a class and 13 random symbols: of all check symbols the two that fit.
    static func code(letter: Character, random: [Int]) -> String {
        let word = [alphabet.firstIndex(of: letter)!] + random
        for check in 0..<1024 {
            let whole: [Int] = word + [check / 32, check % 32]
            if fits(whole) { return String(whole.map { alphabet[$0] }) }
        }
        fatalError("two check symbols always fit")
    }

    /// The 13 symbols of 65 bits that are written as a decimal number.
    static func symbols(ofDecimal text: String) -> [Int] {
        var digits = text.map { Int(String($0))! }
        var symbols: [Int] = []
        for _ in 0..<13 {
            var rest = 0
            for place in digits.indices {
                let number = rest * 10 + digits[place]
                (digits[place], rest) = (number / 32, number % 32)
            }
            symbols.insert(rest, at: 0)
        }
        return symbols
    }

    static func grouped(_ code: String) -> String {
        stride(from: 0, to: 16, by: 4).map { String(code.dropFirst($0).prefix(4)) }.joined(separator: "-")
    }

    static func decode(_ text: String) throws -> [UInt8] {
        let characters = Array(text)
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: characters.count, by: 3) {
            let group = characters[start..<min(start + 3, characters.count)]
            var number = 0
            for character in group.reversed() {
                guard let value = base45.firstIndex(of: character) else { throw Refused(why: "Malformed") }
                number = number * 45 + value
            }
            switch group.count {
            case 3 where number < 1 << 16: bytes += [UInt8(number >> 8), UInt8(number & 0xff)]
            case 2 where number < 1 << 8: bytes.append(UInt8(number))
            default: throw Refused(why: "Malformed")
            }
        }
        return bytes
    }

    static func encode(_ bytes: [UInt8]) -> String {
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 2) {
            let pair = bytes[start..<min(start + 2, bytes.count)]
            var number = 0
            for byte in pair {
                number = number * 256 + Int(byte)
            }
            for _ in 0...pair.count {
                text.append(base45[number % 45])
                number /= 45
            }
        }
        return text
    }

    /// What a voucher says.
    struct Says: Equatable, Decodable {
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
            var number = 0
            for bit in at..<at + width {
                let isSet = bytes[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0
                number = number * 2 + (isSet ? 1 : 0)
            }
            at += width
            return number
        }
        _ = take(4)
        let (kid, letter) = (take(4), take(5))
        guard letter >= 10 else { throw Refused(why: "Malformed") }
        var random: [Int] = []
        for _ in 0..<13 { random.append(take(5)) }
        let code = code(letter: alphabet[letter], random: random)
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
