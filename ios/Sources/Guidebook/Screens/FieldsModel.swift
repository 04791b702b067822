import Observation

/// Remark name, preferences, sizes.
@MainActor
@Observable
public final class FieldsModel: ScreenModel {
    public private(set) var limits = Limits()
    public private(set) var problems: [Field: Problem] = [:]
    public private(set) var loaded = false
    public let name: String
    private var values: [Field: String] = [:]

    @ObservationIgnored unowned let app: AppModel
    @ObservationIgnored private let member: String
    @ObservationIgnored private var before: [Field: String] = [:]

    init(app: AppModel, member: String, name: String) {
        self.app = app
        self.member = member
        self.name = name
    }

    public subscript(field: Field) -> String {
        get { values[field] ?? "" }
        set { values[field] = newValue }
    }

    public func limit(of field: Field) -> Int {
        switch field {
        case .remarkName: limits.remarkName
        case .preferences: limits.preferences
        case .sizeTop, .sizeBottom, .sizeShoe, .sizeRing: limits.size
        }
    }

    public func tooLong(_ field: Field) -> Bool { self[field].unicodeScalars.count > limit(of: field) }
    public var canSave: Bool { loaded && !changed.isEmpty && !Field.allCases.contains { tooLong($0) } }

    public func load() async {
        guard !loaded, let member = try? await app.book.member(member) else { return }
        if let limits = try? await app.book.limits() { self.limits = limits }
        before = member.fields
        values = member.fields
        loaded = true
    }

    public func shows(_ change: Change) -> Bool { false }

    public func save() {
        app.errands.run { await self.keepChanged() }
    }

    public func close() { app.closeSheet() }

    private var changed: [Field] {
        Field.allCases.filter { (values[$0] ?? "") != (before[$0] ?? "") }
    }

    private func keepChanged() async {
        problems = [:]
        var last: String?
        for field in changed {
            do {
                last = try await app.book.setField(member: member, field: field, value: self[field])
                before[field] = self[field]
            } catch {
                problems[field] = Problem(error)
            }
        }
        guard problems.isEmpty else { return }
        app.closeSheet()
        app.say(app.words.fieldsSaved, undo: last)
    }
}
