import Observation

/// Which coupon a member gets: campaign, value, and out with it.
@MainActor
@Observable
public final class IssueModel: ScreenModel {
    /// A campaign, and why nothing of it can be given to this member, if so.
    public struct Choice: Equatable, Sendable, Identifiable {
        public let campaign: Campaign
        public let bar: IssueBar?

        public var id: String { campaign.id }
    }

    public private(set) var state = Loadable<[Choice]>.loading
    public private(set) var campaign: String?
    public private(set) var value: UInt32?
    public private(set) var problem: Problem?
    /// A coupon is being given out: a second tap must not give another.
    public private(set) var busy = false
    public let name: String

    @ObservationIgnored unowned let app: AppModel
    @ObservationIgnored private let member: String

    init(app: AppModel, member: String, name: String) {
        self.app = app
        self.member = member
        self.name = name
    }

    public var choice: Choice? { state.content?.first { $0.campaign.id == campaign } }
    public var offer: Offer? { choice?.campaign.offers.first { $0.value == value } }
    public var canIssue: Bool { !busy && choice?.bar == nil && (offer?.left ?? 0) > 0 }
    public var today: Day { app.services.today }

    public func load() async {
        do {
            var choices: [Choice] = []
            for campaign in try await app.book.campaigns() {
                choices.append(Choice(campaign: campaign, bar: try await bar(of: campaign)))
            }
            // What she can have comes first.
            choices = choices.filter { $0.bar == nil } + choices.filter { $0.bar != nil }
            state = .shown(choices)
            let free = choices.filter { $0.bar == nil }
            if campaign == nil, free.count == 1 { choose(free[0].campaign) }
        } catch {
            state = .failed(Problem(error))
        }
    }

    public func shows(_ change: Change) -> Bool { change == .coupons || change == .dictionary }

    public func choose(_ campaign: Campaign) {
        self.campaign = campaign.id
        let some = campaign.offers.filter { $0.left > 0 }
        value = some.count == 1 ? some[0].value : nil
    }

    public func choose(_ offer: Offer) {
        if offer.left > 0 { value = offer.value }
    }

    public func issue() {
        guard canIssue, let campaign, let value else { return }
        busy = true
        app.errands.run {
            defer { self.busy = false }
            do {
                let card = try await self.app.book.issueCoupon(member: self.member, campaign: campaign, value: value)
                self.app.services.haptics.tick()
                self.app.openCoupon(card.row.id)
            } catch {
                self.problem = Problem(error)
            }
        }
    }

    public func close() { app.closeSheet() }

    /// One reason that holds for every value, or none.
    private func bar(of campaign: Campaign) async throws -> IssueBar? {
        if let bar = campaign.bar { return bar }
        var first: IssueBar?
        for offer in campaign.offers {
            guard let bar = try await app.book.checkCoupon(member: member, campaign: campaign.id, value: offer.value) else {
                return nil
            }
            first = first ?? bar
        }
        return first
    }
}
