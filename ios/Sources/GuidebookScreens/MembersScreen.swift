import Guidebook
import SwiftUI

/// The list of members: home.
struct MembersScreen: View {
    @Environment(\.words) private var words
    @Bindable var model: MembersModel

    var body: some View {
        content
            .safeAreaInset(edge: .top) { head }
            .safeAreaInset(edge: .bottom, alignment: .trailing) {
                Button {
                    model.enrolWalkin()
                } label: {
                    Label(words.walkin, systemImage: "person.badge.plus").padding(.horizontal, 8).touchTarget()
                }
                .buttonStyle(.borderedProminent)
                .padding(16)
            }
            .searchable(text: $model.text, placement: .navigationBarDrawer(displayMode: .always), prompt: words.searchHint)
            .navigationTitle(words.members)
            .toolbar {
                ToolbarItem(placement: .topBarLeading) {
                    Button(words.settings, systemImage: "gearshape") { model.openSettings() }
                }
                ToolbarItem(placement: .topBarTrailing) {
                    Button(words.coupons, systemImage: "ticket") { model.openCoupons() }
                }
                ToolbarItem(placement: .topBarTrailing) { sortMenu }
                ToolbarItem(placement: .topBarTrailing) {
                    Button(words.filter, systemImage: "line.3.horizontal.decrease.circle") { model.openFilter() }
                }
            }
    }

    @ViewBuilder private var content: some View {
        switch model.state {
        case .loading: ProgressView(words.loading)
        case .failed(let problem): FailedView(problem: problem) { model.tryAgain() }
        case .shown(let page):
            if page.rows.isEmpty { nobody } else { list(page) }
        }
    }

    private func list(_ page: MemberPage) -> some View {
        List {
            ForEach(model.sections(of: page)) { section in
                if section.letter.isEmpty {
                    rows(section.rows)
                } else {
                    Section(section.letter) { rows(section.rows) }
                }
            }
            Text(words.membersCount(page.total)).font(.footnote).foregroundStyle(.secondary)
        }
        .listStyle(.plain)
    }

    private func rows(_ rows: [MemberRow]) -> some View {
        ForEach(rows) { row in
            MemberRowView(model: model, row: row).onAppear { model.saw(row) }
        }
    }

    private var nobody: some View {
        ContentUnavailableView {
            Label(model.isNarrowed ? words.noMatchTitle : words.noMembersTitle, systemImage: "person.2")
        } description: {
            Text(model.isNarrowed ? words.noMatchLead : words.noMembersLead)
        } actions: {
            if !model.filter.isEmpty {
                Button {
                    model.clearFilter()
                } label: {
                    Text(words.clearFilter).touchTarget()
                }
            }
        }
    }

    private var head: some View {
        VStack(alignment: .leading, spacing: 4) {
            Button {
                model.openSync()
            } label: {
                Text(words.pill(model.pill, now: model.now))
                    .font(.footnote)
                    .padding(.horizontal, 12)
                    .touchTarget()
            }
            .buttonStyle(.bordered)
            .accessibilityHint(words.pillHint)
            if !model.filter.isEmpty {
                HStack {
                    Text(model.filter.sentence(words)).font(.footnote)
                    Spacer()
                    Button {
                        model.clearFilter()
                    } label: {
                        Text(words.clearFilter).font(.footnote).touchTarget()
                    }
                }
            }
        }
        .padding(.horizontal, 16)
        .background(.bar)
    }

    private var sortMenu: some View {
        Menu {
            Picker(words.orderBy, selection: $model.sorting) {
                ForEach(MemberOrder.allCases, id: \.self) { Text(words.order($0)).tag($0) }
            }
        } label: {
            Label(words.orderBy, systemImage: "arrow.up.arrow.down")
        }
    }
}

/// One member in the list: who she is, what is due, and a way to tag her.
private struct MemberRowView: View {
    @Environment(\.words) private var words
    let model: MembersModel
    let row: MemberRow

    var body: some View {
        HStack(alignment: .center, spacing: 8) {
            Button {
                model.open(row)
            } label: {
                VStack(alignment: .leading, spacing: 2) {
                    names
                    Text(line).font(.subheadline).foregroundStyle(.secondary).lineLimit(1)
                    marks
                }
                .rowTarget()
            }
            .buttonStyle(.plain)
            Button {
                model.tag(row)
            } label: {
                Image(systemName: "tag").touchTarget()
            }
            .buttonStyle(.borderless)
            .accessibilityLabel(words.tagsOf(row.shownName))
        }
    }

    private var names: some View {
        HStack(spacing: 6) {
            MatchedText(text: row.name, matches: row.matches.filter { $0.field == .name }).font(.headline)
            if !row.remarkName.isEmpty {
                MatchedText(text: row.remarkName, matches: row.matches.filter { $0.field == .remarkName }).font(.subheadline)
            }
            Spacer()
            MatchedText(text: row.maskedPhone, matches: row.matches.filter { $0.field == .phone })
                .font(.subheadline.monospacedDigit())
        }
        .lineLimit(1)
    }

    private var line: String {
        let bought = row.lastPurchase.map(words.lastBoughtOn) ?? words.noPurchases
        let last = model.order == .spend ? words.money(row.spendFen) : bought
        let tags = row.tags.compactMap { model.tagNames[$0] }.prefix(2)
        return ([row.level] + tags + [last]).filter { !$0.isEmpty }.joined(separator: " · ")
    }

    @ViewBuilder private var marks: some View {
        let said = model.marks(of: row)
        if !said.isEmpty {
            Text(said.joined(separator: " · ")).font(.footnote).foregroundStyle(Look.jade)
        }
    }
}
