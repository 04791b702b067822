import Foundation

/// The language of the app; the phone's own, until she chooses.
public enum Language: String, CaseIterable, Sendable {
    case zh, en

    public var words: any Words {
        switch self {
        case .zh: WordsZh()
        case .en: WordsEn()
        }
    }

    @MainActor
    static func kept(in services: Services) -> Language {
        let system: Language = services.systemLanguage.hasPrefix("zh") ? .zh : .en
        return services.kept.read("language").flatMap(Language.init) ?? system
    }

    @MainActor
    func keep(in services: Services) {
        services.kept.write("language", rawValue)
    }
}

/// How long the app may be out of sight before the book locks.
public enum LockDelay: String, CaseIterable, Sendable {
    case atOnce, oneMinute, fiveMinutes

    var seconds: TimeInterval {
        switch self {
        case .atOnce: 0
        case .oneMinute: 60
        case .fiveMinutes: 300
        }
    }

    @MainActor
    static func kept(in services: Services) -> LockDelay {
        services.kept.read("lockDelay").flatMap(LockDelay.init) ?? .oneMinute
    }

    @MainActor
    func keep(in services: Services) {
        services.kept.write("lockDelay", rawValue)
    }
}
