import Observation

/// One coupon, for the customer and the cashier to see.
@MainActor
@Observable
public final class CouponModel: ScreenModel {
    public private(set) var state = Loadable<CouponCard>.loading

    @ObservationIgnored unowned let app: AppModel
    @ObservationIgnored private let id: String

    init(app: AppModel, id: String) {
        self.app = app
        self.id = id
    }

    public func load() async {
        do {
            state = .shown(try await app.book.coupon(id))
        } catch {
            state = .failed(Problem(error))
        }
    }

    public func shows(_ change: Change) -> Bool { change == .coupons }

    /// A till's reader wants a bright screen, as long as there is something to read.
    public func appeared() { app.services.brightness.full(state.content?.isUsable == true) }
    public func disappeared() { app.services.brightness.full(false) }

    public func handOver() {
        keep(app.words.couponHandedOver) { try await self.app.book.handOverCoupon(self.id) }
    }

    /// Hands her the coupon as a text. What has left the phone is hers: from then on it can't be voided any more.
    public func send() {
        guard let card = state.content else { return }
        let text = app.words.couponMessage(card)
        guard card.row.state == .issued else { return app.services.sharer.share(text) }
        keep(app.words.couponHandedOver) {
            try await self.app.book.handOverCoupon(self.id)
            self.app.services.sharer.share(text)
        }
    }

    public func void() {
        keep(app.words.couponVoided) { _ = try await self.app.book.voidCoupon(self.id) }
    }

    public func tryAgain() { app.errands.run { await self.load() } }

    private func keep(_ said: String, _ work: @escaping @MainActor () async throws -> Void) {
        app.errands.run {
            do {
                try await work()
                self.app.say(said)
                await self.load()
                self.appeared()
            } catch {
                self.app.sorry(error)
            }
        }
    }
}
