import Observation

/// Putting tags on a member; a tap is kept at once.
@MainActor
@Observable
public final class TagsModel: ScreenModel {
    public struct Content: Equatable, Sendable {
        public let groups: [TagGroup]
        public var carried: Set<String>
    }

    public private(set) var state = Loadable<Content>.loading
    public private(set) var limits = Limits()
    /// The name of a personal tag to be made.
    public var fresh = ""
    /// Why the last tap did nothing.
    public private(set) var problem: Problem?
    public let name: String

    @ObservationIgnored unowned let app: AppModel
    @ObservationIgnored private let member: String

    init(app: AppModel, member: String, name: String) {
        self.app = app
        self.member = member
        self.name = name
    }

    public var canMake: Bool { !fresh.isEmpty && fresh.count <= limits.tagName }

    public func load() async {
        do {
            let groups = try await app.book.tagGroups()
            let carried = try await app.book.member(member).row.tags
            limits = try await app.book.limits()
            state = .shown(Content(groups: groups, carried: Set(carried)))
        } catch {
            state = .failed(Problem(error))
        }
    }

    public func shows(_ change: Change) -> Bool {
        switch change {
        case .members(let changed): changed.contains(member)
        case .dictionary: true
        case .syncState, .coupons, .book: false
        }
    }

    public func turn(_ tag: Tag, in group: TagGroup) {
        guard var content = state.content else { return }
        guard !group.isLocked else {
            problem = .invalid(field: "tag", reason: .hqOnly)
            return
        }
        let on = !content.carried.contains(tag.id)
        // Shown before it is kept, so that the finger is answered at once.
        if on, group.singleChoice { content.carried.subtract(group.tags.map(\.id)) }
        if on { content.carried.insert(tag.id) } else { content.carried.remove(tag.id) }
        state = .shown(content)
        app.services.haptics.tick()
        app.errands.run {
            await self.keep {
                let edit = try await self.app.book.setTag(member: self.member, tag: tag.id, on: on)
                let words = self.app.words
                self.app.say(on ? words.tagOn(tag.name) : words.tagTakenOff(tag.name), undo: edit)
            }
        }
    }

    public func makePersonal() {
        guard canMake else { return }
        let wanted = fresh
        app.errands.run {
            await self.keep {
                let tag = try await self.app.book.makePersonalTag(name: wanted)
                let edit = try await self.app.book.setTag(member: self.member, tag: tag, on: true)
                self.fresh = ""
                self.app.say(self.app.words.tagOn(wanted), undo: edit)
            }
        }
    }

    public func close() { app.closeSheet() }

    private func keep(_ work: () async throws -> Void) async {
        do {
            try await work()
            problem = nil
        } catch {
            problem = Problem(error)
            await load()
        }
    }
}
