import BackgroundTasks
import Guidebook

/// A round now and then while the app is not on the screen. When, iOS decides; not before a quarter of an hour.
@MainActor
enum BackgroundSync {
    private static let name = "cn.guidebook.sync"

    static func register(_ app: AppModel) {
        BGTaskScheduler.shared.register(forTaskWithIdentifier: name, using: .main) { task in
            MainActor.assumeIsolated {
                ask()
                let round = Task { task.setTaskCompleted(success: await app.syncInBackground()) }
                task.expirationHandler = { round.cancel() }
            }
        }
    }

    static func ask() {
        let request = BGAppRefreshTaskRequest(identifier: name)
        request.earliestBeginDate = Date(timeIntervalSinceNow: 15 * 60)
        try? BGTaskScheduler.shared.submit(request)
    }
}
