import Foundation
import XCTest

/// The golden vectors of coupons, to which all languages are held, read by `CouponReader`.
final class CouponVectorsTests: XCTestCase {
    private struct Golden: Decodable {
        struct Bytes: Decodable {
            let hex: String
            let text: String
        }

        struct Code: Decodable {
            let `class`: String
            let code: String
            let grouped: String
            let random: String
        }

        struct Typed: Decodable {
            let text: String
            let code: String?
            let error: String?
        }

        struct Voucher: Decodable {
            let text: String
            let says: CouponReader.Says

            enum CodingKeys: CodingKey {
                case text
            }

            init(from decoder: Decoder) throws {
                text = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .text)
                says = try CouponReader.Says(from: decoder)
            }
        }

        struct Verdict: Decodable {
            let text: String
            let verdict: String
        }

        let base45: [Bytes]
        let noBase45: [String]
        let codes: [Code]
        let parses: [Typed]
        let vouchers: [Voucher]
        let verdicts: [Verdict]
    }

    private func golden() throws -> Golden {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../../core/domain/golden/coupons.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Golden.self, from: Data(contentsOf: file))
    }

    private func why(_ call: () throws -> Void) -> String? {
        do {
            try call()
            return nil
        } catch {
            return (error as? Refused)?.why
        }
    }

    func testBase45ReadsBothWays() throws {
        for known in try golden().base45 {
            let bytes = try CouponReader.decode(known.text)
            XCTAssertEqual(bytes.map { String(format: "%02x", $0) }.joined(), known.hex)
            XCTAssertEqual(CouponReader.encode(bytes), known.text)
        }
        for text in try golden().noBase45 {
            XCTAssertEqual(why { _ = try CouponReader.decode(text) }, "Malformed", text)
        }
    }

    func testCodesAreMadeAndReadAlike() throws {
        for known in try golden().codes {
            let random = CouponReader.symbols(ofDecimal: known.random)
            XCTAssertEqual(CouponReader.code(letter: Character(known.class), random: random), known.code)
            XCTAssertEqual(CouponReader.grouped(known.code), known.grouped)
        }
        for typed in try golden().parses {
            var read: String?
            XCTAssertEqual(why { read = try CouponReader.parse(typed.text) }, typed.error, typed.text)
            XCTAssertEqual(read, typed.code)
        }
    }

    func testVouchersSayTheSame() throws {
        for known in try golden().vouchers {
            XCTAssertEqual(try CouponReader.read(known.text), known.says)
        }
    }

    func testWhatNoSignatureIsNeededToRefuseIsRefusedForTheSameReason() throws {
        for known in try golden().verdicts {
            if known.verdict.hasPrefix("good ") {
                XCTAssertEqual("good " + (try CouponReader.read(known.text).code), known.verdict)
            } else if ["Malformed", "FutureVersion"].contains(known.verdict) {
                XCTAssertEqual(why { _ = try CouponReader.read(known.text) }, known.verdict, known.text)
            }
        }
    }
}
