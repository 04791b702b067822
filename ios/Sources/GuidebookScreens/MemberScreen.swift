import Guidebook
import SwiftUI

/// One member: what matters, at one glance.
struct MemberScreen: View {
    @Environment(\.words) private var words
    let model: MemberModel

    var body: some View {
        switch model.state {
        case .loading: ProgressView(words.loading)
        case .failed(.notFound):
            ContentUnavailableView {
                Label(words.memberGone, systemImage: "person.slash")
            } description: {
                EmptyView()
            } actions: {
                EmptyView()
            }
        case .failed(let problem): FailedView(problem: problem) { model.tryAgain() }
        case .shown(let content): MemberContent(model: model, content: content)
        }
    }
}

private struct MemberContent: View {
    @Environment(\.words) private var words
    let model: MemberModel
    let content: MemberModel.Content

    private var member: Member { content.member }

    var body: some View {
        List {
            head
            MemberSpend(member: member, today: model.today)
            MemberTags(model: model, content: content)
            MemberCoupons(model: model, coupons: content.coupons)
            MemberFollowUps(model: model, followUps: member.followUps)
            MemberNotes(model: model, notes: member.notes)
            MemberFields(model: model, fields: member.fields)
            memberships
            purchases
        }
        .navigationTitle(member.row.name)
        .navigationBarTitleDisplayMode(.inline)
        .privacySensitive()
    }

    private var head: some View {
        Section {
            Text(member.row.shownName).font(.title2).accessibilityAddTraits(.isHeader)
            Text(about).foregroundStyle(.secondary)
            if member.row.waiting > 0 { Text(words.waitingMark(member.row.waiting)).foregroundStyle(Look.jade) }
            if !member.row.maskedPhone.isEmpty {
                Text(member.row.maskedPhone).font(.body.monospacedDigit())
                RowButton(title: words.call, symbol: "phone") { model.call() }
                RowButton(title: words.reveal, symbol: "eye") { model.reveal() }
            }
            RowButton(title: words.note, symbol: "square.and.pencil") { model.writeNote() }
        }
    }

    private var about: String {
        let facts = [
            member.row.level, words.points(member.points), member.birthday.map(words.birthday),
            member.row.daysToBirthday.flatMap { $0 <= 7 ? words.birthdayIn($0) : nil },
        ]
        return facts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private var memberships: some View {
        Section(words.memberships) {
            Text(member.store.map { "\(words.mall) · \($0)" } ?? words.mall)
            ForEach(member.brands) { Text($0.name) }
            Text(member.marketing ? words.marketingYes : words.marketingNo)
            if let joined = member.joined { Text(words.joined(joined)) }
        }
    }

    private var purchases: some View {
        Section(words.purchases) {
            if member.purchases.isEmpty { Text(words.noPurchases).foregroundStyle(.secondary) }
            ForEach(Array(member.purchases.enumerated()), id: \.offset) { _, purchase in
                HStack {
                    Text(purchase.quantity > 1 ? "\(purchase.product) ×\(purchase.quantity)" : purchase.product)
                    Spacer()
                    Text("\(words.day(purchase.day)) · \(words.money(purchase.paidFen))")
                        .font(.footnote.monospacedDigit())
                }
                .accessibilityElement(children: .combine)
            }
        }
    }
}

private struct MemberTags: View {
    @Environment(\.words) private var words
    let model: MemberModel
    let content: MemberModel.Content

    var body: some View {
        Section(words.tags) {
            if content.carried.isEmpty { Text(words.noTags).foregroundStyle(.secondary) }
            ForEach(content.carried) { group in
                let title = group.isPersonal ? words.personalTags : group.name
                Text(words.pair(title, words.listed(group.tags.map(\.name))))
            }
            RowButton(title: words.tagsAction, symbol: "tag") { model.editTags() }
        }
    }
}

private struct MemberCoupons: View {
    @Environment(\.words) private var words
    let model: MemberModel
    let coupons: [MemberCoupon]

    var body: some View {
        Section(words.coupons) {
            if coupons.isEmpty { Text(words.memberNoCoupons).foregroundStyle(.secondary) }
            ForEach(Array(coupons.enumerated()), id: \.offset) { _, coupon in
                Button {
                    model.open(coupon)
                } label: {
                    VStack(alignment: .leading, spacing: 2) {
                        Text(coupon.worth.map(words.worth) ?? words.coupons)
                        Text(
                            "\(coupon.campaign) · \(words.validThrough(coupon.lastDay)) · \(words.couponState(coupon.state))"
                        )
                        .font(.footnote).foregroundStyle(.secondary)
                    }
                    .rowTarget()
                }
                .buttonStyle(.plain)
                .disabled(coupon.coupon == nil)
            }
            RowButton(title: words.couponGive, symbol: "ticket") { model.giveCoupon() }
        }
    }
}

private struct MemberFollowUps: View {
    @Environment(\.words) private var words
    let model: MemberModel
    let followUps: [FollowUp]

    var body: some View {
        Section(words.followUps) {
            if followUps.isEmpty { Text(words.followUpsNone).foregroundStyle(.secondary) }
            ForEach(followUps) { followUp in
                Button {
                    model.turn(followUp)
                } label: {
                    HStack {
                        Image(systemName: followUp.done ? "checkmark.circle.fill" : "circle")
                        VStack(alignment: .leading) {
                            Text(followUp.text)
                            Text(followUp.done ? words.doneSaved : words.followUpDue(followUp.due, today: model.today))
                                .font(.footnote)
                        }
                    }
                    .rowTarget()
                }
                .buttonStyle(.plain)
                .accessibilityAddTraits(followUp.done ? .isSelected : [])
            }
            RowButton(title: words.followUp, symbol: "calendar.badge.plus") { model.addFollowUp() }
        }
    }
}

private struct MemberNotes: View {
    @Environment(\.words) private var words
    let model: MemberModel
    let notes: [Note]

    var body: some View {
        Section(words.notes) {
            if notes.isEmpty { Text(words.noNotes).foregroundStyle(.secondary) }
            ForEach(notes) { note in
                VStack(alignment: .leading, spacing: 2) {
                    Text(note.text)
                    Text("\(note.guide) · \(words.ago(note.at, now: model.now))").font(.footnote).foregroundStyle(.secondary)
                }
                .accessibilityElement(children: .combine)
            }
        }
    }
}

private struct MemberFields: View {
    @Environment(\.words) private var words
    let model: MemberModel
    let fields: [Field: String]

    var body: some View {
        Section(words.details) {
            if fields.isEmpty { Text(words.fieldsNone).foregroundStyle(.secondary) }
            ForEach(Field.allCases.filter { fields[$0] != nil }, id: \.self) { field in
                Text(words.pair(words.field(field), fields[field] ?? ""))
            }
            RowButton(title: words.fieldsAction, symbol: "ruler") { model.editFields() }
        }
    }
}
