import Foundation
import Observation

/// One member: what matters, at one glance.
@MainActor
@Observable
public final class MemberModel: ScreenModel {
    public struct Content: Equatable, Sendable {
        public let member: Member
        public let groups: [TagGroup]
        public let coupons: [MemberCoupon]

        /// Her tags by group, in the order of the dictionary; groups of which she carries none are left out.
        public var carried: [TagGroup] {
            groups.compactMap { group in
                let tags = group.tags.filter { member.row.tags.contains($0.id) }
                return tags.isEmpty ? nil : group.with(tags)
            }
        }
    }

    public private(set) var state = Loadable<Content>.loading
    public let id: String

    @ObservationIgnored unowned let app: AppModel

    init(app: AppModel, id: String) {
        self.app = app
        self.id = id
    }

    public var today: Day { app.services.today }
    public var now: Date { app.services.now() }

    public func load() async {
        do {
            state = .shown(
                Content(
                    member: try await app.book.member(id), groups: try await app.book.tagGroups(),
                    coupons: try await app.book.memberCoupons(id)))
        } catch {
            state = .failed(Problem(error))
        }
    }

    public func shows(_ change: Change) -> Bool {
        switch change {
        case .members(let changed): changed.contains(id) || changed.contains(state.content?.member.row.id ?? id)
        case .dictionary, .coupons, .book: true
        case .syncState: false
        }
    }

    /// The number goes on record and straight to the telephone; without one it is shown.
    public func call() {
        app.errands.run {
            do {
                let number = try await self.app.book.revealPhone(member: self.id, reason: .call)
                if await !self.app.services.dialler.dial(number) { self.show(number: number) }
            } catch {
                self.app.sorry(error)
            }
        }
    }

    public func turn(_ followUp: FollowUp) {
        app.errands.run {
            do {
                let edit = try await self.app.book.setFollowUpDone(
                    member: self.id, followUp: followUp.id, done: !followUp.done)
                self.app.say(followUp.done ? self.app.words.openedAgain : self.app.words.doneSaved, undo: edit)
            } catch {
                self.app.sorry(error)
            }
        }
    }

    public func tryAgain() { app.errands.run { await self.load() } }
    public func reveal() { app.show(.reveal(RevealModel(app: app, member: id, name: name))) }
    public func editTags() { app.show(.tags(TagsModel(app: app, member: id, name: name))) }
    public func writeNote() { app.show(.note(NoteModel(app: app, member: id, name: name))) }
    public func addFollowUp() { app.show(.followUp(FollowUpModel(app: app, member: id, name: name))) }
    public func giveCoupon() { app.show(.issue(IssueModel(app: app, member: id, name: name))) }
    public func open(_ coupon: MemberCoupon) {
        if let id = coupon.coupon { app.openCoupon(id) }
    }
    public func editFields() { app.show(.fields(FieldsModel(app: app, member: id, name: name))) }

    private var name: String { state.content?.member.row.shownName ?? "" }

    private func show(number: String) {
        app.show(.reveal(RevealModel(app: app, member: id, name: name, number: number)))
    }
}
