import Foundation

/// Where the books lie: in no backup, and unreadable until the phone was unlocked after a start.
enum BookFolder {
    static func path() -> String {
        var folder = URL.applicationSupportDirectory.appending(path: "books", directoryHint: .isDirectory)
        let protection = FileProtectionType.completeUntilFirstUserAuthentication
        try? FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.protectionKey: protection])
        var values = URLResourceValues()
        values.isExcludedFromBackup = true
        try? folder.setResourceValues(values)
        return folder.path(percentEncoded: false)
    }
}
