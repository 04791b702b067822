import Foundation

/// A cable between the phone and the server: it carries bytes until it is pulled, and again when it is plugged in.
final class Cable: @unchecked Sendable {
    private let lock = NSLock()
    private let listener: Int32
    private let server: UInt16
    private var plugged = true
    private var ends: Set<Int32> = []
    let port: UInt16

    init(to server: UInt16) throws {
        self.server = server
        listener = socket(AF_INET, Self.stream, 0)
        var address = Self.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listening = listener
        let ready = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listening, $0, length) == 0 && listen(listening, 16) == 0 && getsockname(listening, $0, &length) == 0
            }
        }
        guard ready else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self] in
            while true {
                let end = accept(listening, nil, nil)
                guard end >= 0, let self else { return }
                self.join(end)
            }
        }
    }

    /// To the server of the contract.
    static func toServer() throws -> Cable {
        guard let port = URLComponents(string: Contract.shared.server)?.port else { throw URLError(.badURL) }
        return try Cable(to: UInt16(port))
    }

    var address: String { "http://127.0.0.1:\(port)" }

    deinit {
        shutdown(listener, Self.both)
        close(listener)
    }

    /// No byte goes through any more.
    func pull() {
        lock.withLock {
            plugged = false
            for end in ends { shutdown(end, Self.both) }
        }
    }

    func plugIn() {
        lock.withLock { plugged = true }
    }

    private func join(_ end: Int32) {
        let other = socket(AF_INET, Self.stream, 0)
        var address = Self.loopback(server)
        let reached = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(other, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        let joined = lock.withLock {
            guard plugged, reached else { return false }
            ends.formUnion([end, other])
            return true
        }
        guard joined else {
            close(end)
            close(other)
            return
        }
        let open = Countdown(2)
        for (from, to) in [(end, other), (other, end)] {
            Thread.detachNewThread { [weak self] in
                Self.carry(from, to)
                guard open.isLast() else { return }
                _ = self?.lock.withLock { self?.ends.subtract([end, other]) }
                close(end)
                close(other)
            }
        }
    }

    private static func carry(_ from: Int32, _ to: Int32) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(from, &bytes, bytes.count, 0)
            guard count > 0 else { break }
            var sent = 0
            while sent < count {
                let more = bytes[sent..<count].withUnsafeBytes { send(to, $0.baseAddress, $0.count, 0x4000) }
                guard more > 0 else { return }
                sent += more
            }
        }
        shutdown(to, both)
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return address
    }

    private static let stream = Int32(SOCK_STREAM.rawValue)
    private static let both = Int32(SHUT_RDWR)
}

/// Tells the last of several.
private final class Countdown: @unchecked Sendable {
    private let lock = NSLock()
    private var left: Int

    init(_ count: Int) {
        left = count
    }

    func isLast() -> Bool {
        lock.withLock {
            left -= 1
            return left == 0
        }
    }
}
