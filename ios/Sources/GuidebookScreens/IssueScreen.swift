import Guidebook
import SwiftUI

/// Which coupon she gets.
struct IssueScreen: View {
    @Environment(\.words) private var words
    let model: IssueModel

    var body: some View {
        SheetBar(words.giveTo(model.name), close: model.close) {
            Form {
                switch model.state {
                case .loading: ProgressView(words.loading)
                case .failed(let problem): ProblemText(problem: problem)
                case .shown(let choices):
                    campaigns(choices)
                    values
                    Section {
                        MainButton(title: model.offer.map { words.give(words.worth($0.worth)) } ?? words.couponGive) {
                            model.issue()
                        }
                        .disabled(!model.canIssue)
                        ProblemText(problem: model.problem)
                    } footer: {
                        Text(words.couponOffline)
                    }
                }
            }
        }
    }

    private func campaigns(_ choices: [IssueModel.Choice]) -> some View {
        Section(words.couponChoose) {
            if choices.isEmpty { Text(words.noCampaigns).foregroundStyle(.secondary) }
            ForEach(choices) { choice in
                Button {
                    model.choose(choice.campaign)
                } label: {
                    HStack {
                        CampaignLine(campaign: choice.campaign, bar: choice.bar)
                        Spacer()
                        if model.campaign == choice.id { Image(systemName: "checkmark") }
                    }
                    .rowTarget()
                }
                .buttonStyle(.plain)
                .disabled(choice.bar != nil)
                .accessibilityAddTraits(model.campaign == choice.id ? .isSelected : [])
            }
        }
    }

    /// Where a campaign has several values she chooses one.
    @ViewBuilder private var values: some View {
        if let choice = model.choice, choice.bar == nil, choice.campaign.offers.count > 1 {
            Section(words.couponValue) {
                LazyVGrid(columns: Look.chips, spacing: 8) {
                    ForEach(choice.campaign.offers) { offer in
                        Chip(title: words.worth(offer.worth), selected: offer.value == model.value) { model.choose(offer) }
                            .disabled(offer.left == 0)
                            .accessibilityHint(words.left(offer.left))
                    }
                }
            }
        }
    }
}
