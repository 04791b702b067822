/// A model behind a screen: it reads when it is opened, and again when what it shows has changed.
@MainActor
public protocol ScreenModel: AnyObject {
    func load() async
    /// Whether a change touches what is shown.
    func shows(_ change: Change) -> Bool
}

/// What can lie on the stack above the list of members. A page lives as long as it lies there, its model with it.
@MainActor
public enum Page: Hashable, Sendable {
    case member(MemberModel)
    case sync(SyncModel)
    case edit(EditModel)
    case coupons(CouponsModel)
    case coupon(CouponModel)
    case settings(SettingsModel)
    case guides(GuidesModel)
    case about(AboutModel)

    public nonisolated var model: any ScreenModel {
        switch self {
        case .member(let model): model
        case .sync(let model): model
        case .edit(let model): model
        case .coupons(let model): model
        case .coupon(let model): model
        case .settings(let model): model
        case .guides(let model): model
        case .about(let model): model
        }
    }

    public nonisolated static func == (one: Page, other: Page) -> Bool { one.model === other.model }
    public nonisolated func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(model)) }
}

/// What can stand before the page: a short act, then back.
@MainActor
public enum Sheet: Identifiable, Sendable {
    case filter(FilterModel)
    case tags(TagsModel)
    case note(NoteModel)
    case followUp(FollowUpModel)
    case fields(FieldsModel)
    case reveal(RevealModel)
    case walkin(WalkinModel)
    case issue(IssueModel)

    public nonisolated var model: any ScreenModel {
        switch self {
        case .filter(let model): model
        case .tags(let model): model
        case .note(let model): model
        case .followUp(let model): model
        case .fields(let model): model
        case .reveal(let model): model
        case .walkin(let model): model
        case .issue(let model): model
        }
    }

    public nonisolated var id: ObjectIdentifier { ObjectIdentifier(model) }
}
