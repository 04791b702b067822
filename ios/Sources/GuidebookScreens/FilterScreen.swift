import Guidebook
import SwiftUI

/// Which members are shown, and how many that would be.
struct FilterScreen: View {
    @Environment(\.words) private var words
    let model: FilterModel

    var body: some View {
        SheetBar(words.filterTitle, close: model.close) {
            Form {
                Section {
                    LazyVGrid(columns: Look.chips, spacing: 8) {
                        Chip(title: words.filterBirthday, selected: model.filter.birthdayThisWeek) { model.turnBirthday() }
                        Chip(title: words.filterFollowUp, selected: model.filter.followUpDue) { model.turnDue() }
                    }
                }
                groups
                if !model.filter.isEmpty {
                    Section {
                        Text(model.filter.sentence(words))
                        RowButton(title: words.filterReset, symbol: "xmark.circle") { model.clear() }
                    }
                }
            }
            MainButton(title: words.filterShow(model.found)) { model.show() }.padding(16)
        }
    }

    @ViewBuilder private var groups: some View {
        switch model.groups {
        case .loading: ProgressView(words.loading)
        case .failed(let problem): ProblemText(problem: problem)
        case .shown(let groups):
            Section {
                Text(words.filterHow).font(.footnote).foregroundStyle(.secondary)
            }
            ForEach(groups) { group in
                Section(group.isPersonal ? words.personalTags : group.name) {
                    LazyVGrid(columns: Look.chips, spacing: 8) {
                        ForEach(group.tags) { tag in chip(tag, in: group) }
                    }
                }
            }
        }
    }

    private func chip(_ tag: Tag, in group: TagGroup) -> some View {
        let choice = model.filter.choice(of: tag)
        return Chip(title: tag.name, selected: choice == .with, excluded: choice == .without) { model.turn(tag, in: group) }
            .accessibilityValue(said(choice))
    }

    private func said(_ choice: MemberFilter.Choice) -> String {
        switch choice {
        case .any: words.filterAny
        case .with: words.filterWith
        case .without: words.filterWithout
        }
    }
}
