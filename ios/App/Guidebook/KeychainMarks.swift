import Foundation
import GuidebookCore
import Security

/// Up to which turn coupon codes have been given out, in the Keychain: on this device only and in no backup, so that no
/// restored or cloned copy of the app's files brings an older figure back. One item a mark; its account is `book.name`.
final class KeychainMarks: MarkVault, @unchecked Sendable {
    private static let service = "guidebook.marks"
    private let turns = NSLock()

    func load(book: String) throws -> [String: UInt64] {
        try turns.withLock { try marks(book) }
    }

    func raiseTo(book: String, name: String, mark: UInt64) throws -> Bool {
        try turns.withLock {
            let before = try marks(book)[name]
            if let before, before >= mark { return false }
            let value = Data(String(mark).utf8)
            let account: [CFString: Any] = [kSecAttrAccount: "\(book).\(name)"]
            // An update replaces the value in one step: no interruption leaves none.
            let status =
                before == nil
                ? SecItemAdd(
                    item(
                        account.merging([
                            kSecValueData: value, kSecAttrGeneric: Data(book.utf8),
                            kSecAttrAccessible: kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly,
                        ]) { $1 }), nil)
                : SecItemUpdate(item(account), [kSecValueData: value] as CFDictionary)
            guard status == errSecSuccess else { throw KeyVaultError.Unavailable }
            return true
        }
    }

    func erase(book: String) throws {
        let status = SecItemDelete(item([kSecAttrGeneric: Data(book.utf8)]))
        guard status == errSecSuccess || status == errSecItemNotFound else { throw KeyVaultError.Unavailable }
    }

    private func marks(_ book: String) throws -> [String: UInt64] {
        var found: CFTypeRef?
        let asked = item([
            kSecAttrGeneric: Data(book.utf8), kSecReturnData: true, kSecReturnAttributes: true,
            kSecMatchLimit: kSecMatchLimitAll,
        ])
        let status = SecItemCopyMatching(asked, &found)
        if status == errSecItemNotFound { return [:] }
        guard status == errSecSuccess, let items = found as? [[CFString: Any]] else { throw KeyVaultError.Unavailable }
        var marks: [String: UInt64] = [:]
        for item in items {
            guard let account = item[kSecAttrAccount] as? String, let value = item[kSecValueData] as? Data,
                let mark = UInt64(String(decoding: value, as: UTF8.self)), account.hasPrefix("\(book).")
            else { throw KeyVaultError.Unavailable }
            marks[String(account.dropFirst(book.count + 1))] = mark
        }
        return marks
    }

    private func item(_ more: [CFString: Any]) -> CFDictionary {
        let base: [CFString: Any] = [
            kSecClass: kSecClassGenericPassword, kSecAttrService: Self.service, kSecAttrSynchronizable: false,
        ]
        return base.merging(more) { _, new in new } as CFDictionary
    }
}
