import Guidebook
import SwiftUI

/// What she spent in twelve months, as small bars, with the same in words for who doesn't see them.
struct MemberSpend: View {
    @Environment(\.words) private var words
    let member: Member
    let today: Day

    var body: some View {
        Section(words.spendChart) {
            if let peak = member.spendByMonth.max(by: { $0.spendFen < $1.spendFen }), peak.spendFen > 0 {
                SpendBars(amounts: member.spendByMonth.map(\.spendFen))
                    .fill(Look.jade)
                    .frame(maxWidth: .infinity, minHeight: 72, maxHeight: 72)
                    .accessibilityElement(children: .ignore)
                    .accessibilityLabel(words.spendPeak(peak.month, peak.spendFen))
            } else {
                Text(words.noSpend).foregroundStyle(.secondary)
            }
            Text(words.spendTotal(member.row.spendFen, orders: member.orders)).font(.body.monospacedDigit())
            if let days = member.cadenceDays { Text(words.cadence(days)) }
            if let back = member.usualReturn { Text(words.usualReturn(back, today: today)) }
            ForEach(member.replenishments, id: \.product) { Text(words.replenish($0.product, $0.due, today: today)) }
        }
    }
}

/// Bars from the left, the oldest first. A month with anything at all is at least two points high.
struct SpendBars: Shape {
    let amounts: [Int64]

    nonisolated func path(in rectangle: CGRect) -> Path {
        var path = Path()
        guard let most = amounts.max(), most > 0 else { return path }
        let step = rectangle.width / CGFloat(amounts.count)
        for (number, amount) in amounts.enumerated() where amount > 0 {
            let height = max(2, rectangle.height * CGFloat(amount) / CGFloat(most))
            let bar = CGRect(
                x: rectangle.minX + step * CGFloat(number) + step * 0.15, y: rectangle.maxY - height, width: step * 0.7,
                height: height)
            path.addRoundedRect(in: bar, cornerSize: CGSize(width: 2, height: 2))
        }
        return path
    }
}
