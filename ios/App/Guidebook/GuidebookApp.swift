import Guidebook
import GuidebookOverCore
import GuidebookScreens
import SwiftUI

/// The entry: puts the phone behind the models, and tells them when the app comes and goes.
@main
struct GuidebookApp: App {
    @Environment(\.scenePhase) private var phase
    @State private var app: AppModel

    init() {
        let phone = Phone()
        let app = AppModel(
            book: CoreBook(directory: BookFolder.path(), keys: KeychainVault(), marks: KeychainMarks(), kept: phone.kept),
            services: phone.services)
        _app = State(initialValue: app)
        BackgroundSync.register(app)
    }

    var body: some Scene {
        WindowGroup {
            RootScreen(app: app)
                .task { await app.start() }
                .onOpenURL { open($0.absoluteString) }
                .onContinueUserActivity(NSUserActivityTypeBrowsingWeb) { open($0.webpageURL?.absoluteString ?? "") }
        }
        .onChange(of: phase) { _, phase in
            switch phase {
            case .active: app.comeBack()
            case .inactive: app.leave()
            case .background: BackgroundSync.ask()
            @unknown default: app.leave()
            }
        }
    }

    private func open(_ address: String) {
        if let link = Link(address, hosts: Phone.hosts) { app.open(link) }
    }
}
