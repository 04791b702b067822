import Guidebook
import SwiftUI

/// Which version this is, and whose work is in it.
struct AboutScreen: View {
    @Environment(\.words) private var words
    let model: AboutModel

    var body: some View {
        List {
            Section {
                Text("\(words.appName) · \(words.version(model.version))")
            }
            Section(words.licences) {
                ForEach(AboutModel.licences) { licence in
                    VStack(alignment: .leading) {
                        Text(licence.work)
                        Text(licence.licence).font(.footnote).foregroundStyle(.secondary)
                    }
                    .accessibilityElement(children: .combine)
                }
            }
        }
        .navigationTitle(words.about)
        .navigationBarTitleDisplayMode(.inline)
    }
}
