import Guidebook
import SwiftUI

/// Tags by group; a tap is kept at once.
struct TagsScreen: View {
    @Environment(\.words) private var words
    @Bindable var model: TagsModel

    var body: some View {
        SheetBar(words.tagsTitle(model.name), close: model.close) {
            Form {
                Section {
                    Text(words.tagsSaved).font(.footnote).foregroundStyle(.secondary)
                    ProblemText(problem: model.problem)
                }
                switch model.state {
                case .loading: ProgressView(words.loading)
                case .failed(let problem): ProblemText(problem: problem)
                case .shown(let content):
                    ForEach(content.groups) { group in section(group, carried: content.carried) }
                    fresh
                }
            }
        }
    }

    private func section(_ group: TagGroup, carried: Set<String>) -> some View {
        Section {
            LazyVGrid(columns: Look.chips, spacing: 8) {
                ForEach(group.tags) { tag in
                    Chip(title: tag.name, selected: carried.contains(tag.id)) { model.turn(tag, in: group) }
                        .accessibilityHint(group.isLocked ? words.hqOnlyWhy : "")
                }
            }
        } header: {
            Text(title(group))
        }
    }

    private func title(_ group: TagGroup) -> String {
        let name = group.isPersonal ? words.personalTags : group.name
        let how = group.isLocked ? words.hqOnlyWhy : group.singleChoice ? words.singleChoice : ""
        return how.isEmpty ? name : "\(name) · \(how)"
    }

    private var fresh: some View {
        Section {
            TextField(words.personalTagNew, text: $model.fresh)
            RowButton(title: words.personalTagAdd, symbol: "plus") { model.makePersonal() }.disabled(!model.canMake)
        } footer: {
            Text(words.fieldTooLong(model.limits.tagName))
        }
    }
}
