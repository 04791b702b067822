import Foundation
import GuidebookCore

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// What `with-server.sh` says of the server and of the sample store in it.
struct Contract: Decodable {
    struct Member: Decodable {
        let id: String
        let name: String
        let phone: String
    }

    let server: String
    let hqKey: String
    let guide: String
    let members: UInt32
    let member: Member
    let tag: String
    let hqOnlyTag: String

    static let shared: Contract = {
        guard let said = ProcessInfo.processInfo.environment["GUIDEBOOK_CONTRACT"] else {
            fatalError("run this by bindings/swift/test.sh")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(Contract.self, from: Data(said.utf8))
        } catch {
            fatalError("GUIDEBOOK_CONTRACT: \(error)")
        }
    }()
}

/// Headquarters, by its HTTP interface.
enum Headquarters {
    private struct Enrolment: Decodable {
        let code: String
    }

    /// A page of the change feed, as far as reveals need it.
    private struct Changes: Decodable {
        struct Change: Decodable {
            let kind: String
            let member: String?
            let device: String
            let detail: Detail
        }

        struct Detail: Decodable {
            let edit: Edit?
        }

        struct Edit: Decodable {
            let reveal: Reveal?
        }

        struct Reveal: Decodable {
            let reason: String
        }

        let changes: [Change]
        let after: Int
        let more: Bool
    }

    private struct Line: Decodable {
        struct Note: Decodable {
            let id: String
        }

        let member: String
        let guides: [String]
        let notes: [Note]
    }

    /// An enrolment code that no phone has used.
    static func freshCode(for guide: String = Contract.shared.guide) async throws -> String {
        let answer = try await send("POST", "/hq/v1/enrolments", ["guide": guide])
        return try JSONDecoder().decode(Enrolment.self, from: answer).code
    }

    /// What no test but one asks of HQ.
    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return encoder
    }

    static func post(_ path: String, _ body: some Encodable) async throws {
        _ = try await send("POST", path, body)
    }

    static func rename(tag: String, to name: String) async throws {
        _ = try await send("PATCH", "/hq/v1/tags/\(tag)", ["name": name])
    }

    static func revoke(device: String) async throws {
        _ = try await send("POST", "/hq/v1/devices/\(device)/revoke", [String: String]())
    }

    /// How many codes of a campaign are in which state, as far as tests need it.
    struct Codes: Decodable {
        let issued: Int
        let void: Int
    }

    /// A campaign of thirty coupons of ¥50, at most `perMember` to each.
    static func makeCampaign(_ id: String, perMember: Int) async throws {
        struct Campaign: Encodable {
            let id: String
            let name = "双11满减"
            let face = ["amount": ["fen": 5000]]
            let validity = ["from_issue": ["days": 30]]
            let budget = ["codes": 30]
            let perMember: Int
        }
        try await post("/hq/v1/campaigns", Campaign(id: id, perMember: perMember))
    }

    static func codes(of campaign: String) async throws -> Codes {
        struct Line: Decodable {
            let codes: Codes
        }
        return try JSONDecoder().decode(Line.self, from: try await send("GET", "/hq/v1/campaigns/\(campaign)", nil)).codes
    }

    /// The ids of the members whom `guide` serves.
    static func members(of guide: String) async throws -> Set<String> {
        Set(try await lines().filter { $0.guides.contains(guide) }.map(\.member))
    }

    /// The ids of the notes that HQ holds on `member`.
    static func notes(of member: String) async throws -> [String] {
        try await lines().filter { $0.member == member }.flatMap(\.notes).map(\.id)
    }

    /// The reasons for which the number of `member` was shown on `device`, by HQ's change feed.
    static func reveals(of member: String, on device: String) async throws -> [String] {
        var (after, more, reasons) = (0, true, [String]())
        while more {
            let answer = try await send("GET", "/hq/v1/changes?after=\(after)&limit=1000", nil)
            let page = try JSONDecoder().decode(Changes.self, from: answer)
            let hers = page.changes.filter { $0.kind == "reveal" && $0.member == member && $0.device == device }
            reasons += hers.compactMap { $0.detail.edit?.reveal?.reason }
            (after, more) = (page.after, page.more)
        }
        return reasons
    }

    private static func lines() async throws -> [Line] {
        let answer = try await send("GET", "/hq/v1/members", nil)
        return try answer.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Line.self, from: $0) }
    }

    private static func send(_ method: String, _ path: String, _ body: (any Encodable)?) async throws -> Data {
        var request = URLRequest(url: URL(string: Contract.shared.server + path)!)
        request.httpMethod = method
        request.httpBody = try body.map { try encoder.encode($0) }
        request.setValue("Bearer \(Contract.shared.hqKey)", forHTTPHeaderField: "Authorization")
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue("application/json, application/x-ndjson", forHTTPHeaderField: "Accept")
        let (data, answer) = try await URLSession.shared.data(for: request)
        guard let status = (answer as? HTTPURLResponse)?.statusCode, (200..<300).contains(status) else {
            throw URLError(.badServerResponse)
        }
        return data
    }
}
