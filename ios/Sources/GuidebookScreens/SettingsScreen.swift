import Guidebook
import SwiftUI

/// Language, text, lock, guides, about.
struct SettingsScreen: View {
    @Environment(\.words) private var words
    @Bindable var model: SettingsModel

    var body: some View {
        Form {
            if let guide = model.guide {
                Section {
                    Text("\(guide.name) · \(guide.id)").font(.headline)
                    Text(words.thisPhone(guide.device)).font(.footnote).foregroundStyle(.secondary)
                }
            }
            Section {
                RowButton(title: words.guides, symbol: "person.2.circle") { model.openGuides() }
                RowButton(title: words.lockNow, symbol: "lock") { model.lockNow() }
            }
            Section {
                Picker(words.settingsLanguage, selection: $model.language) {
                    ForEach(Language.allCases, id: \.self) { Text(words.language($0)).tag($0) }
                }
                Picker(words.settingsLock, selection: $model.lockDelay) {
                    ForEach(LockDelay.allCases, id: \.self) { Text(words.lockDelay($0)).tag($0) }
                }
            }
            Section(words.settingsText) { Text(words.settingsTextWhat) }
            Section {
                RowButton(title: words.about, symbol: "info.circle") { model.openAbout() }
            }
        }
        .navigationTitle(words.settings)
        .navigationBarTitleDisplayMode(.inline)
    }
}
