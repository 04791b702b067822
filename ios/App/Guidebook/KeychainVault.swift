import Foundation
import GuidebookCore
import Security

/// The keys of the books in the Keychain: on this device only, in no backup, readable once the phone was unlocked after a
/// start, so that a round in the background can open the book.
final class KeychainVault: KeyVault {
    func load(book: String) throws -> Data? {
        var found: CFTypeRef?
        let asked = item(book, [kSecReturnData: true, kSecMatchLimit: kSecMatchLimitOne])
        switch SecItemCopyMatching(asked, &found) {
        case errSecSuccess: return found as? Data
        case errSecItemNotFound: return nil
        default: throw KeyVaultError.Unavailable
        }
    }

    func save(book: String, key: Data) throws {
        try erase(book: book)
        let kept = item(book, [kSecValueData: key, kSecAttrAccessible: kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly])
        guard SecItemAdd(kept, nil) == errSecSuccess else { throw KeyVaultError.Unavailable }
    }

    func erase(book: String) throws {
        let status = SecItemDelete(item(book))
        guard status == errSecSuccess || status == errSecItemNotFound else { throw KeyVaultError.Unavailable }
    }

    private func item(_ book: String, _ more: [CFString: Any] = [:]) -> CFDictionary {
        let base: [CFString: Any] = [
            kSecClass: kSecClassGenericPassword, kSecAttrService: "guidebook", kSecAttrAccount: book,
            kSecAttrSynchronizable: false,
        ]
        return base.merging(more) { _, new in new } as CFDictionary
    }
}
