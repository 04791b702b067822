import Guidebook
import SwiftUI

/// What can be given out, then what was.
struct CouponsScreen: View {
    @Environment(\.words) private var words
    let model: CouponsModel

    var body: some View {
        Group {
            switch model.state {
            case .loading: ProgressView(words.loading)
            case .failed(let problem): FailedView(problem: problem) { model.tryAgain() }
            case .shown(let content): list(content)
            }
        }
        .navigationTitle(words.coupons)
        .navigationBarTitleDisplayMode(.inline)
    }

    private func list(_ content: CouponsModel.Content) -> some View {
        List {
            Section(words.campaigns) {
                if content.campaigns.isEmpty { Text(words.noCampaigns).foregroundStyle(.secondary) }
                ForEach(content.campaigns) { CampaignLine(campaign: $0, bar: $0.bar) }
            }
            Section(words.couponsGiven) {
                if content.coupons.isEmpty { Text(words.noCouponsTitle).foregroundStyle(.secondary) }
                ForEach(content.coupons) { coupon in
                    Button {
                        model.open(coupon)
                    } label: {
                        VStack(alignment: .leading, spacing: 2) {
                            Text([words.worth(coupon.worth), coupon.memberName].compactMap { $0 }.joined(separator: " · "))
                                .font(.headline)
                            Text("\(coupon.campaign) · \(words.validThrough(coupon.lastDay))").font(.footnote)
                                .foregroundStyle(.secondary)
                            Text(words.couponState(coupon.state)).font(.footnote).foregroundStyle(Look.jade)
                        }
                        .rowTarget()
                    }
                    .buttonStyle(.plain)
                    .onAppear { model.saw(coupon) }
                }
            }
        }
    }
}

/// A campaign: its name, what it is worth, what is left, and why nothing of it can be given out if so.
struct CampaignLine: View {
    @Environment(\.words) private var words
    let campaign: Campaign
    let bar: IssueBar?

    var body: some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(campaign.name).font(.headline)
            Text("\(worths) · \(words.leastSpend(campaign.leastSpendFen)) · \(words.validity(campaign.validity))")
                .font(.footnote).foregroundStyle(.secondary)
            if let bar {
                Text(words.bar(bar)).font(.footnote).foregroundStyle(.red)
            } else {
                Text(words.left(campaign.left)).font(.footnote).foregroundStyle(Look.jade)
            }
        }
        .accessibilityElement(children: .combine)
    }

    private var worths: String {
        let all = campaign.offers.map { words.worth($0.worth) }
        return all.count > 2 ? "\(all[0]) – \(all[all.count - 1])" : all.joined(separator: " / ")
    }
}
