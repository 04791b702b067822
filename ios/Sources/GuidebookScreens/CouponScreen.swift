import Guidebook
import SwiftUI

/// The card that the customer and the cashier see.
struct CouponScreen: View {
    @Environment(\.words) private var words
    let model: CouponModel

    var body: some View {
        switch model.state {
        case .loading: ProgressView(words.loading)
        case .failed(.notFound):
            ContentUnavailableView {
                Label(words.couponGoneTitle, systemImage: "ticket")
            } description: {
                Text(words.couponGoneLead)
            } actions: {
                EmptyView()
            }
        case .failed(let problem): FailedView(problem: problem) { model.tryAgain() }
        case .shown(let card): content(card)
        }
    }

    private func content(_ card: CouponCard) -> some View {
        List {
            Section {
                Text(words.worth(card.row.worth)).font(.largeTitle).accessibilityAddTraits(.isHeader)
                Text(card.row.campaign).font(.headline)
                if card.isUsable { Codes(card: card) } else { Text(words.couponState(card.row.state)).font(.title2) }
                Text(words.leastSpend(card.leastSpendFen))
                Text(words.validThrough(card.row.lastDay))
                Text(words.onlyIn(card.stores))
                if let name = card.row.memberName { Text(name) }
            }
            if card.row.waiting, card.isUsable { Text(words.couponUnsent).font(.footnote).foregroundStyle(.secondary) }
            if card.isUsable {
                Section {
                    if card.row.state == .issued { MainButton(title: words.couponHandOver) { model.handOver() } }
                    RowButton(title: words.couponSend, symbol: "square.and.arrow.up") { model.send() }
                }
            }
            if card.row.state == .issued {
                Section {
                    RowButton(title: words.couponVoid, symbol: "xmark.circle") { model.void() }
                } footer: {
                    Text(words.couponVoidWhy)
                }
            }
        }
        .navigationTitle(words.couponState(card.row.state))
        .navigationBarTitleDisplayMode(.inline)
        .onAppear { model.appeared() }
        .onDisappear { model.disappeared() }
    }
}

/// Dark on white, whatever the phone's appearance: it is read by a machine.
private struct Codes: View {
    @Environment(\.words) private var words
    let card: CouponCard

    var body: some View {
        VStack(alignment: .center, spacing: 12) {
            QrShape(qr: card.qr)
                .fill(Color.black)
                .frame(width: 260, height: 260)
                .accessibilityElement(children: .ignore)
                .accessibilityLabel(words.qrSaid(card.code))
            Text(card.code).font(.title3.monospaced())
            BarShape(bars: card.bars)
                .fill(Color.black)
                .frame(maxWidth: .infinity, minHeight: 56, maxHeight: 56)
                .accessibilityElement(children: .ignore)
                .accessibilityLabel(words.couponBar)
            Text(words.couponCodes).font(.footnote).foregroundStyle(Color.black)
        }
        .frame(maxWidth: .infinity)
        .padding(12)
        .background(Color.white)
    }
}

/// A QR code with its quiet zone of 4 modules.
struct QrShape: Shape {
    let qr: QrModules

    nonisolated func path(in rectangle: CGRect) -> Path {
        var path = Path()
        let module = (min(rectangle.width, rectangle.height) / CGFloat(qr.side + 8)).rounded(.down)
        let left = rectangle.midX - module * CGFloat(qr.side) / 2
        let top = rectangle.midY - module * CGFloat(qr.side) / 2
        for (number, dark) in qr.dark.enumerated() where dark {
            let (row, column) = number.quotientAndRemainder(dividingBy: qr.side)
            path.addRect(
                CGRect(x: left + CGFloat(column) * module, y: top + CGFloat(row) * module, width: module, height: module))
        }
        return path
    }
}

/// Code 128 with its quiet zones of 10 modules.
struct BarShape: Shape {
    let bars: [Int]

    nonisolated func path(in rectangle: CGRect) -> Path {
        var path = Path()
        let modules = bars.reduce(0, +)
        let module = rectangle.width / CGFloat(modules + 20)
        var x = rectangle.minX + module * 10
        for (number, width) in bars.enumerated() {
            if number.isMultiple(of: 2) {
                path.addRect(CGRect(x: x, y: rectangle.minY, width: CGFloat(width) * module, height: rectangle.height))
            }
            x += CGFloat(width) * module
        }
        return path
    }
}
