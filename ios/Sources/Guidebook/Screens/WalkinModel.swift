import Observation

/// Somebody at the counter who is not a member yet.
@MainActor
@Observable
public final class WalkinModel: ScreenModel {
    public var walkin = Walkin()
    public var phone = "" {
        didSet { if phone != oldValue { app.errands.run { await self.look() } } }
    }
    /// Month and day as typed, `0329`; a year before them if she says.
    public var birthday = ""
    public private(set) var brands: [Brand] = []
    public private(set) var ownBrand: Brand?
    /// Who has this number already.
    public private(set) var known: MemberRow?
    public private(set) var problem: Problem?

    @ObservationIgnored unowned let app: AppModel

    init(app: AppModel) {
        self.app = app
    }

    public var canScan: Bool { app.services.scanner != nil }
    public var canSave: Bool {
        walkin.membership && !walkin.name.isEmpty && digits.count == 11 && known == nil && (birthday.isEmpty || day != nil)
    }

    public func load() async {
        brands = (try? await app.book.brands()) ?? []
        let own = try? await app.book.guide().brand
        ownBrand = brands.first { $0.id == own }
    }

    public func shows(_ change: Change) -> Bool { change == .dictionary }

    /// The mall and the guide's own brand: one act, two consents.
    public var agreesToBoth: Bool {
        get { walkin.membership && (ownBrand.map { walkin.brands.contains($0.id) } ?? true) }
        set {
            walkin.membership = newValue
            walkin.brands = newValue ? ownBrand.map { [$0.id] } ?? [] : []
        }
    }

    public var otherBrands: [Brand] { brands.filter { $0 != ownBrand } }

    public func agrees(to brand: Brand) -> Bool { walkin.brands.contains(brand.id) }

    public func set(_ brand: Brand, agrees: Bool) {
        walkin.brands.removeAll { $0 == brand.id }
        if agrees { walkin.brands.append(brand.id) }
    }

    public func scan() {
        guard let scanner = app.services.scanner else { return }
        app.errands.run {
            guard let found = await scanner.scan() else { return }
            self.problem = nil
            switch try? await self.app.book.readCode(found) {
            case .member(let id), .phone(_, let id?): self.app.openMember(id)
            case .phone(let phone, nil): self.phone = phone
            case .enrolment, .unknown, nil: self.problem = .invalid(field: "code", reason: .malformed)
            }
        }
    }

    public func openKnown() {
        guard let known else { return }
        app.openMember(known.id)
    }

    public func save() {
        guard canSave else { return }
        var request = walkin
        request.phone = phone
        request.birthday = day
        app.errands.run {
            do {
                let member = try await self.app.book.enrolWalkin(request)
                self.app.openMember(member)
                self.app.say(self.app.words.walkinSaved(request.name))
            } catch Problem.alreadyMember(let member) {
                self.known = try? await self.app.book.member(member).row
            } catch {
                self.problem = Problem(error)
            }
        }
    }

    public func close() { app.closeSheet() }

    private var digits: String { phone.filter(\.isNumber) }

    /// `MMDD` or `YYYYMMDD`, as the core reads it.
    private var day: String? {
        let typed = birthday.filter(\.isNumber)
        let dashed: String
        switch typed.count {
        case 4: dashed = "--\(typed.prefix(2))-\(typed.suffix(2))"
        case 8: dashed = "\(typed.prefix(4))-\(typed.dropFirst(4).prefix(2))-\(typed.suffix(2))"
        default: return nil
        }
        return Birthday(dashed) == nil ? nil : dashed
    }

    private func look() async {
        let looked = digits
        let found = looked.count == 11 ? try? await app.book.memberByPhone(looked) : nil
        if looked == digits { known = found }
    }
}
