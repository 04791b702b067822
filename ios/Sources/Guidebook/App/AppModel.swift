import Foundation
import Observation

/// The whole app: which screen stands, what lies on the stack, and who hears of changes.
@MainActor
@Observable
public final class AppModel {
    public enum Phase {
        case starting
        case enrol(EnrolModel)
        case unlock(UnlockModel)
        case home(MembersModel)
    }

    public private(set) var phase = Phase.starting
    /// Above the list of members, the last on top.
    public var stack: [Page] = []
    public var sheet: Sheet?
    public private(set) var notice: Notice?
    public private(set) var language: Language
    /// A round is under way.
    public private(set) var syncing = false
    /// Whether what is shown must not be seen: the app is in the background.
    public private(set) var covered = false

    @ObservationIgnored public let book: any Book
    @ObservationIgnored public let services: Services
    @ObservationIgnored public let errands = Errands()
    @ObservationIgnored private let changes = ChangeBox()
    @ObservationIgnored private var linked: Link?
    /// She has proved herself, or enrolled, since the book was locked last.
    @ObservationIgnored var passed = false

    public init(book: any Book, services: Services) {
        self.book = book
        self.services = services
        language = Language.kept(in: services)
    }

    public var words: any Words { language.words }

    public var members: MembersModel? {
        if case .home(let members) = phase { members } else { nil }
    }

    // MARK: Phases

    /// Finds out how it stands with the book. The first thing that the app does, and what it does after every lock.
    public func start() async {
        let box = changes
        await book.observe { [weak self] change in
            box.put(change)
            Task { @MainActor in self?.hearChanges() }
        }
        do {
            try await enter(book.state())
        } catch {
            show(.unlock(UnlockModel(app: self, standing: .broken(Problem(error)))))
        }
    }

    func enter(_ state: BookState) async throws {
        switch state {
        case .empty, .unenrolled: show(.enrol(EnrolModel(app: self)))
        // Open, but not for her: a round in the background opens the book for itself.
        case .open where !passed, .hidden where !passed, .locked: show(.unlock(UnlockModel(app: self, standing: .locked)))
        case .hidden: show(.unlock(UnlockModel(app: self, standing: .hidden)))
        case .open: await goHome()
        }
    }

    func goHome() async {
        let members = MembersModel(app: self)
        show(.home(members))
        await members.load()
        try? await book.setLive(true)
        if let linked {
            self.linked = nil
            open(linked)
        }
        sync()
    }

    func show(_ phase: Phase) {
        stack = []
        sheet = nil
        notice = nil
        self.phase = phase
    }

    /// The book closes; her name is asked for again.
    public func lock() async {
        passed = false
        try? await book.lock()
        show(.unlock(UnlockModel(app: self, standing: .locked)))
    }

    /// The book is gone from this phone.
    func wiped() {
        show(.unlock(UnlockModel(app: self, standing: .wiped)))
    }

    /// The server knows this phone no more: HQ's code brings the book back with all that waits in it.
    private func forgotten() -> Problem {
        show(.enrol(EnrolModel(app: self, problem: .signedOut)))
        return .signedOut
    }

    // MARK: Stack

    public func open(_ page: Page) {
        sheet = nil
        if stack.last != page { stack.append(page) }
        errands.run { await page.model.load() }
    }

    public func openMember(_ id: String) {
        open(.member(MemberModel(app: self, id: id)))
    }

    public func openCoupon(_ id: String) {
        open(.coupon(CouponModel(app: self, id: id)))
    }

    public func show(_ sheet: Sheet) {
        self.sheet = sheet
        errands.run { await sheet.model.load() }
    }

    public func closeSheet() {
        sheet = nil
    }

    /// What was opened from outside: `guidebook://…` or a universal link. Kept until the book is open.
    public func open(_ link: Link) {
        switch (phase, link) {
        case (.enrol(let enrol), .enrol(let server, let code)):
            enrol.server = server
            enrol.code = code
        case (.home, .member(let id)): openMember(id)
        case (.home, .sync): open(.sync(SyncModel(app: self)))
        case (.home, .enrol): break
        default: linked = link
        }
    }

    // MARK: Coming and going

    /// The app leaves the screen: nothing of a member must be in the picture that the system takes.
    public func leave() {
        covered = true
        errands.run { try? await self.book.setLive(false) }
        // At the door there is nothing to lock: Face ID's own dialog is no leaving.
        guard case .home = phase else { return }
        services.kept.write(Self.leftKey, String(services.now().timeIntervalSince1970))
    }

    /// The app comes back; after a while away the book is locked.
    public func comeBack() {
        let left = services.kept.read(Self.leftKey).flatMap(TimeInterval.init)
        services.kept.write(Self.leftKey, nil)
        covered = false
        guard case .home = phase else { return }
        if let left, services.now().timeIntervalSince1970 - left >= LockDelay.kept(in: services).seconds {
            errands.run { await self.lock() }
        } else {
            errands.run { try? await self.book.setLive(true) }
            sync()
        }
    }

    /// A round, in the background; what comes of it is told by changes.
    public func sync() {
        errands.run { await self.syncNow() }
    }

    /// A round while nobody looks: a book that is locked is locked again afterwards. Whether it succeeded.
    public func syncInBackground() async -> Bool {
        guard let before = try? await book.state() else { return false }
        if before == .locked {
            guard (try? await book.unlock()) != nil else { return false }
        }
        let problem = await syncNow()
        if before == .locked, !passed { try? await book.lock() }
        return problem == nil
    }

    /// A round. What it met with, if it did not succeed.
    @discardableResult
    public func syncNow() async -> Problem? {
        syncing = true
        defer { syncing = false }
        do {
            try await book.syncNow()
            return nil
        } catch {
            let problem = Problem(error)
            if problem == .wiped { wiped() }
            if problem == .signedOut, case .home = phase { return forgotten() }
            await hearState()
            return problem
        }
    }

    // MARK: Notices

    /// Says that an edit is kept, and offers to undo it.
    func say(_ text: String, undo edit: String? = nil) {
        notice = Notice(text: text, edit: edit)
    }

    /// Says why nothing was done.
    func sorry(_ error: any Error) {
        let problem = Problem(error)
        if problem == .wiped { return wiped() }
        notice = Notice(text: words.problem(problem), edit: nil)
        if problem == .locked { errands.run { await self.hearState() } }
    }

    public func dismissNotice() {
        notice = nil
    }

    public func undo() {
        guard let edit = notice?.edit else { return }
        notice = nil
        errands.run {
            do {
                _ = try await self.book.undo(edit: edit)
                self.say(self.words.undone)
            } catch {
                self.sorry(error)
            }
        }
    }

    // MARK: Changes

    /// Returns when nothing is under way and all changes were heard.
    public func settle() async {
        repeat {
            hearChanges()
            await errands.settle()
        } while hearChanges()
    }

    func choose(_ language: Language) {
        self.language = language
        language.keep(in: services)
    }

    @discardableResult
    private func hearChanges() -> Bool {
        let heard = changes.takeAll()
        if heard.contains(.book) { errands.run { await self.hearState() } }
        for model in living where heard.contains(where: { model.shows($0) }) {
            errands.run { await model.load() }
        }
        return !heard.isEmpty
    }

    private var living: [any ScreenModel] {
        [members as (any ScreenModel)?, sheet?.model].compactMap { $0 } + stack.map(\.model)
    }

    /// Members that were hidden, or a book that closed under the screens, is seen at once.
    private func hearState() async {
        guard let state = try? await book.state() else { return }
        switch (phase, state) {
        case (.home, .empty), (.unlock, .empty): wiped()
        case (.home, .hidden), (.home, .locked): try? await enter(state)
        case (.unlock(let door), .open) where passed && door.standing == .hidden: try? await enter(state)
        default: break
        }
    }

    private static let leftKey = "left"
}

/// A sentence at the foot of the screen, for a moment.
public struct Notice: Equatable, Sendable {
    public let id = UUID()
    public let text: String
    /// What can be undone.
    public let edit: String?
}

extension Problem {
    init(_ error: any Error) {
        self = error as? Problem ?? .storageFault
    }
}
