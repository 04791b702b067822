import Observation

/// Language, lock, guides, about.
@MainActor
@Observable
public final class SettingsModel: ScreenModel {
    public private(set) var guide: Guide?
    public var lockDelay: LockDelay {
        didSet { lockDelay.keep(in: app.services) }
    }

    @ObservationIgnored unowned let app: AppModel

    init(app: AppModel) {
        self.app = app
        lockDelay = LockDelay.kept(in: app.services)
    }

    public func load() async {
        guide = try? await app.book.guide()
    }

    public func shows(_ change: Change) -> Bool { change == .book }

    public var language: Language {
        get { app.language }
        set { app.choose(newValue) }
    }

    public func lockNow() { app.errands.run { await self.app.lock() } }
    public func openGuides() { app.open(.guides(GuidesModel(app: app))) }
    public func openAbout() { app.open(.about(AboutModel(app: app))) }
}
