import Guidebook
import SwiftUI

/// The whole app: one of its phases, with what lies on the stack and what stands before it.
public struct RootScreen: View {
    @Bindable private var app: AppModel
    @Environment(\.horizontalSizeClass) private var width

    public init(app: AppModel) {
        self.app = app
    }

    public var body: some View {
        phase
            .accessibilityHidden(app.covered)
            .overlay { if app.covered { CoverScreen() } }
            .environment(\.words, app.words)
            .tint(Look.jade)
    }

    @ViewBuilder private var phase: some View {
        switch app.phase {
        case .starting: ProgressView(app.words.loading)
        case .enrol(let model): EnrolScreen(model: model)
        case .unlock(let model): UnlockScreen(model: model)
        case .home(let members): home(members)
        }
    }

    private func home(_ members: MembersModel) -> some View {
        Group {
            if width == .regular {
                NavigationSplitView {
                    MembersScreen(model: members)
                } detail: {
                    stack { NobodyOpen() }
                }
            } else {
                stack { MembersScreen(model: members) }
            }
        }
        .safeAreaInset(edge: .bottom) { if app.sheet == nil { NoticeBar(app: app) } }
        .sheet(item: $app.sheet) { sheet in
            SheetScreen(sheet: sheet)
                .safeAreaInset(edge: .bottom) { NoticeBar(app: app) }
                .accessibilityHidden(app.covered)
                .overlay { if app.covered { CoverScreen() } }
                .environment(\.words, app.words)
                .tint(Look.jade)
        }
    }

    private func stack<Root: View>(@ViewBuilder root: () -> Root) -> some View {
        NavigationStack(path: $app.stack) {
            root().navigationDestination(for: Page.self) { PageScreen(page: $0) }
        }
    }
}

/// What stands on the right while no member is open.
private struct NobodyOpen: View {
    @Environment(\.words) private var words

    var body: some View {
        Text(words.members).font(.title3).foregroundStyle(.secondary)
    }
}

/// Lies over everything, sheets too, in the picture that the system keeps for its list of recent apps.
private struct CoverScreen: View {
    @Environment(\.words) private var words

    var body: some View {
        VStack {
            Image(systemName: "book.closed").font(.largeTitle).foregroundStyle(.white).accessibilityLabel(words.covered)
        }
        .frame(maxWidth: .infinity, maxHeight: .infinity)
        .background(Look.jade)
        .ignoresSafeArea()
    }
}

private struct PageScreen: View {
    let page: Page

    var body: some View {
        switch page {
        case .member(let model): MemberScreen(model: model)
        case .sync(let model): SyncScreen(model: model)
        case .edit(let model): EditScreen(model: model)
        case .coupons(let model): CouponsScreen(model: model)
        case .coupon(let model): CouponScreen(model: model)
        case .settings(let model): SettingsScreen(model: model)
        case .guides(let model): GuidesScreen(model: model)
        case .about(let model): AboutScreen(model: model)
        }
    }
}

private struct SheetScreen: View {
    let sheet: Sheet

    var body: some View {
        switch sheet {
        case .filter(let model): FilterScreen(model: model)
        case .tags(let model): TagsScreen(model: model)
        case .note(let model): NoteScreen(model: model)
        case .followUp(let model): FollowUpScreen(model: model)
        case .fields(let model): FieldsScreen(model: model)
        case .reveal(let model): RevealScreen(model: model)
        case .walkin(let model): WalkinScreen(model: model)
        case .issue(let model): IssueScreen(model: model)
        }
    }
}
