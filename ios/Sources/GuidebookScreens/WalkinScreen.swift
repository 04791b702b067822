import Guidebook
import SwiftUI

/// Somebody at the counter becomes a member: the mall and the guide's brand in one act, each consent in plain words.
struct WalkinScreen: View {
    @Environment(\.words) private var words
    @Bindable var model: WalkinModel

    var body: some View {
        SheetBar(words.walkin, close: model.close) {
            Form {
                Section {
                    TextField(words.walkinName, text: $model.walkin.name).modifier(FocusOnAppear())
                    TextField(words.walkinPhone, text: $model.phone)
                    if model.canScan {
                        RowButton(title: words.walkinScan, symbol: "qrcode.viewfinder") { model.scan() }
                    }
                    if let known = model.known {
                        Label(words.walkinKnown(known.shownName), systemImage: "person.crop.circle.badge.checkmark")
                        RowButton(title: words.walkinOpen, symbol: "arrow.right.circle") { model.openKnown() }
                    }
                } footer: {
                    ProblemText(problem: model.problem)
                }
                consents
                more
                MainButton(title: words.walkinAct) { model.save() }.disabled(!model.canSave)
            }
        }
    }

    private var consents: some View {
        Section {
            if let own = model.ownBrand {
                Toggle(words.walkinBoth(own.name), isOn: $model.agreesToBoth)
            }
            Toggle(isOn: $model.walkin.membership) {
                Text(words.consentMall)
                Text(words.consentMallWhy).font(.footnote).foregroundStyle(.secondary)
            }
            if let own = model.ownBrand { brand(own) }
            Toggle(words.consentMarketing, isOn: $model.walkin.marketing)
        } header: {
            Text(words.consentTitle)
        }
    }

    private var more: some View {
        Section {
            Picker(words.walkinGender, selection: $model.walkin.gender) {
                Text(words.gender(nil)).tag(Gender?.none)
                ForEach(Gender.allCases, id: \.self) { Text(words.gender($0)).tag(Gender?.some($0)) }
            }
            .pickerStyle(.segmented)
            TextField(words.walkinBirthdayField, text: $model.birthday)
            if !model.otherBrands.isEmpty {
                Menu {
                    ForEach(model.otherBrands) { other in brand(other) }
                } label: {
                    Text(words.walkinOtherBrands).rowTarget()
                }
            }
        }
    }

    private func brand(_ brand: Brand) -> some View {
        Toggle(isOn: Binding(get: { model.agrees(to: brand) }, set: { model.set(brand, agrees: $0) })) {
            Text(words.consentBrand(brand.name))
            Text(words.consentBrandWhy).font(.footnote).foregroundStyle(.secondary)
        }
    }
}
