import Foundation

/// What can be opened from outside: `guidebook://member/M1`, `https://host/app/member/M1`, HQ's enrolment code.
public enum Link: Equatable, Sendable {
    case member(String)
    case sync
    case enrol(server: String, code: String)

    /// Reads an address; none if it is not one of ours. `hosts` are those of universal links.
    public init?(_ address: String, hosts: Set<String> = []) {
        guard let parts = URLComponents(string: address) else { return nil }
        var path = parts.path.split(separator: "/").map(String.init)
        switch parts.scheme {
        case "guidebook": path.insert(parts.host ?? "", at: 0)
        case "https" where hosts.contains(parts.host ?? "") && path.first == "app": path.removeFirst()
        default: return nil
        }
        let asked = Dictionary(parts.queryItems?.map { ($0.name, $0.value ?? "") } ?? []) { first, _ in first }
        switch (path.first, path.count) {
        case ("member", 2) where !path[1].isEmpty: self = .member(path[1])
        case ("sync", 1): self = .sync
        case ("enrol", 1):
            guard let server = asked["server"], let code = asked["code"] else { return nil }
            self = .enrol(server: server, code: code)
        default: return nil
        }
    }
}
