import Guidebook
import SwiftUI

/// The product's colours. Text on a page is never set in gold: it marks, it does not say.
enum Look {
    static let jade = Color(red: 0x0B / 255, green: 0x6E / 255, blue: 0x5F / 255)
    static let gold = Color(red: 0xB8 / 255, green: 0x86 / 255, blue: 0x2F / 255)
    static let jadeWash = jade.opacity(0.12)
    static let corner: CGFloat = 12
    static let chips = [GridItem(.adaptive(minimum: 92), spacing: 8)]
}

extension View {
    /// Room for a finger: 44 points both ways, as Apple asks for.
    func touchTarget() -> some View {
        frame(minWidth: 44, minHeight: 44).contentShape(Rectangle())
    }

    /// A whole row for a finger.
    func rowTarget() -> some View {
        frame(maxWidth: .infinity, minHeight: 44, alignment: .leading).contentShape(Rectangle())
    }
}

private struct WordsKey: EnvironmentKey {
    static let defaultValue: any Words = WordsZh()
}

extension EnvironmentValues {
    var words: any Words {
        get { self[WordsKey.self] }
        set { self[WordsKey.self] = newValue }
    }
}

/// Puts the cursor into a field as soon as it is there.
struct FocusOnAppear: ViewModifier {
    @FocusState private var focused: Bool

    func body(content: Content) -> some View {
        content.focused($focused).onAppear { focused = true }
    }
}
