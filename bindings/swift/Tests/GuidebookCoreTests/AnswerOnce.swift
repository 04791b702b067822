import Foundation

/// Listens on a free port of loopback, answers one request in HTTP, whatever it asks, and is gone. Returns the port.
func answerOnce(status: String, json: String) throws -> UInt16 {
    #if os(Linux)
        let stream = Int32(SOCK_STREAM.rawValue)
    #else
        let stream = SOCK_STREAM
    #endif
    let listener = socket(AF_INET, stream, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let ready = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(listener, $0, length) == 0 && listen(listener, 1) == 0 && getsockname(listener, $0, &length) == 0
        }
    }
    guard ready else { throw POSIXError(.EADDRNOTAVAIL) }

    let answer = "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(json.utf8.count)\r\n\r\n\(json)"
    Thread.detachNewThread {
        let client = accept(listener, nil, nil)
        var request = [UInt8](repeating: 0, count: 65_536)
        _ = recv(client, &request, request.count, 0)
        _ = send(client, answer, answer.utf8.count, 0)
        shutdown(client, Int32(SHUT_WR))
        while recv(client, &request, request.count, 0) > 0 {}
        close(client)
        close(listener)
    }
    return UInt16(bigEndian: address.sin_port)
}
