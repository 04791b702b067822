import Observation

/// Which version this is, and whose work is in it.
@MainActor
@Observable
public final class AboutModel: ScreenModel {
    public struct Licence: Equatable, Sendable, Identifiable {
        public let work: String
        public let licence: String

        public var id: String { work }
    }

    @ObservationIgnored unowned let app: AppModel

    init(app: AppModel) {
        self.app = app
    }

    public var version: String { app.services.version }

    public func load() async {}
    public func shows(_ change: Change) -> Bool { false }
}
