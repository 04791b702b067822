import Observation

/// The campaigns with what is left of them, and what was given out on this phone.
@MainActor
@Observable
public final class CouponsModel: ScreenModel {
    public struct Content: Equatable, Sendable {
        public let campaigns: [Campaign]
        public var coupons: [CouponRow]
        /// More coupons may lie behind the last one.
        public var more: Bool
    }

    private static let page = 50

    public private(set) var state = Loadable<Content>.loading

    @ObservationIgnored unowned let app: AppModel

    init(app: AppModel) {
        self.app = app
    }

    public func load() async {
        do {
            let coupons = try await app.book.coupons(offset: 0)
            state = .shown(
                Content(campaigns: try await app.book.campaigns(), coupons: coupons, more: coupons.count == Self.page))
        } catch {
            state = .failed(Problem(error))
        }
    }

    public func shows(_ change: Change) -> Bool {
        switch change {
        case .coupons, .dictionary, .members: true
        case .syncState, .book: false
        }
    }

    /// The last coupon has come into sight.
    public func saw(_ coupon: CouponRow) {
        guard var content = state.content, content.more, coupon.id == content.coupons.last?.id else { return }
        app.errands.run {
            guard let next = try? await self.app.book.coupons(offset: content.coupons.count) else { return }
            content.coupons += next
            content.more = next.count == Self.page
            self.state = .shown(content)
        }
    }

    public func tryAgain() { app.errands.run { await self.load() } }
    public func open(_ coupon: CouponRow) { app.openCoupon(coupon.id) }
}
