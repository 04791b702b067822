import Observation

/// HQ's code, scanned or typed.
@MainActor
@Observable
public final class EnrolModel {
    public var server: String
    public var code = ""
    public private(set) var working = false
    public private(set) var problem: Problem?

    @ObservationIgnored unowned let app: AppModel

    init(app: AppModel, problem: Problem? = nil) {
        self.app = app
        self.problem = problem
        server = app.services.kept.read(Self.serverKey) ?? ""
    }

    public var canScan: Bool { app.services.scanner != nil }
    public var canEnrol: Bool { !working && !server.isEmpty && !code.isEmpty }

    public func scan() {
        guard let scanner = app.services.scanner else { return }
        app.errands.run {
            guard let found = await scanner.scan() else { return }
            guard case .enrolment(let code, let server) = try? await self.app.book.readCode(found) else {
                self.problem = .invalid(field: "code", reason: .malformed)
                return
            }
            self.problem = nil
            self.code = code
            if let server { self.server = server }
        }
    }

    public func enrol() {
        guard canEnrol else { return }
        working = true
        problem = nil
        app.errands.run {
            do {
                _ = try await self.app.book.enrol(
                    server: self.server, code: self.code, deviceName: self.app.services.deviceName)
                self.app.passed = true
                self.app.services.kept.write(Self.serverKey, self.server)
                await self.app.syncNow()
                await self.app.goHome()
            } catch {
                self.problem = Problem(error)
            }
            self.working = false
        }
    }

    private static let serverKey = "server"
}
