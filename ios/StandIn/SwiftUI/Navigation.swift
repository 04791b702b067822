/// A stack of pages: the outline has the last, with its way back.
public struct NavigationStack<Data, Root: View>: Leaf {
    let path: Binding<Data>
    let root: Root
    let last: @MainActor (Data) -> (key: ObjectIdentifier, element: Any)?
    let pop: @MainActor () -> Void

    public init(path: Binding<Data>, @ViewBuilder root: () -> Root)
    where Data: MutableCollection & RandomAccessCollection & RangeReplaceableCollection, Data.Element: Hashable {
        self.path = path
        self.root = root()
        last = { data in data.last.map { (ObjectIdentifier(Data.Element.self), $0) } }
        pop = {
            var data = path.wrappedValue
            let end = data.index(data.endIndex, offsetBy: -1)
            data.remove(at: end)
            path.wrappedValue = data
        }
    }

    public func _outline(_ place: Place) -> [OutlineNode] {
        // Asked for in any case: it says where its destinations lead.
        let beneath = root._outline(place.under("root"))
        guard let (key, element) = last(path.wrappedValue) else { return beneath }
        guard let destination = place.host.destinations[key] else {
            return [OutlineNode(.text, "no destination for \(type(of: element))")]
        }
        var back = OutlineNode(.button, "‹")
        back.tap = pop
        return [OutlineNode(.bar, "", children: [back])] + destination(element, place.under("page"))
    }
}

/// Two panes where there is room for them.
public struct NavigationSplitView<Sidebar: View, Detail: View>: Leaf {
    let sidebar: Sidebar
    let detail: Detail

    public init(@ViewBuilder sidebar: () -> Sidebar, @ViewBuilder detail: () -> Detail) {
        self.sidebar = sidebar()
        self.detail = detail()
    }

    public func _outline(_ place: Place) -> [OutlineNode] {
        [
            OutlineNode(.pane, "left", children: sidebar._outline(place.under("sidebar"))),
            OutlineNode(.pane, "right", children: detail._outline(place.under("detail"))),
        ]
    }
}

public struct ToolbarItemPlacement: Sendable {
    public static let automatic = Self(), primaryAction = Self(), topBarTrailing = Self(), topBarLeading = Self()
    public static let confirmationAction = Self(), cancellationAction = Self()
}

@MainActor
public protocol ToolbarContent {
    func _bar(_ place: Place) -> [OutlineNode]
}

public struct ToolbarItem<Content: View>: ToolbarContent {
    let content: Content
    public init(placement: ToolbarItemPlacement = .automatic, @ViewBuilder content: () -> Content) {
        self.content = content()
    }
    public func _bar(_ place: Place) -> [OutlineNode] { content._outline(place) }
}

public struct ToolbarTuple: ToolbarContent {
    let bars: [@MainActor (Place) -> [OutlineNode]]
    public func _bar(_ place: Place) -> [OutlineNode] {
        bars.enumerated().flatMap { number, bar in bar(place.under("\(number)")) }
    }
}

@resultBuilder
public enum ToolbarContentBuilder {
    public static func buildBlock<C: ToolbarContent>(_ content: C) -> C { content }
    @MainActor public static func buildBlock<each C: ToolbarContent>(_ content: repeat each C) -> ToolbarTuple {
        var bars: [@MainActor (Place) -> [OutlineNode]] = []
        for item in repeat each content { bars.append { item._bar($0) } }
        return ToolbarTuple(bars: bars)
    }
}

public enum NavigationBarTitleDisplayMode: Sendable { case automatic, inline, large }
public struct PresentationDetent: Hashable, Sendable { public static let medium = Self(), large = Self() }
public struct SearchFieldPlacement: Sendable {
    public enum DisplayMode: Sendable { case automatic, always }
    public static let automatic = Self()
    public static func navigationBarDrawer(displayMode: DisplayMode) -> Self { Self() }
}

extension View {
    @_disfavoredOverload
    public func navigationTitle<S: StringProtocol>(_ title: S) -> some View {
        modified { nodes, _ in nodes.insert(OutlineNode(.heading, String(title)), at: 0) }
    }
    public func navigationBarTitleDisplayMode(_ mode: NavigationBarTitleDisplayMode) -> some View { self }
    public func presentationDetents(_ detents: Set<PresentationDetent>) -> some View { self }

    public func navigationDestination<D: Hashable, C: View>(
        for data: D.Type, @ViewBuilder destination: @escaping (D) -> C
    ) -> some View {
        modified { _, place in
            place.host.destinations[ObjectIdentifier(D.self)] = { element, here in
                guard let element = element as? D else { return [] }
                return destination(element)._outline(here.under("\(element.hashValue)"))
            }
        }
    }

    public func toolbar<C: ToolbarContent>(@ToolbarContentBuilder content: () -> C) -> some View {
        let content = content()
        return modified { nodes, place in
            nodes.insert(OutlineNode(.bar, children: content._bar(place.under("toolbar"))), at: 0)
        }
    }

    public func sheet<I: Identifiable, C: View>(
        item: Binding<I?>, onDismiss: (() -> Void)? = nil, @ViewBuilder content: @escaping (I) -> C
    ) -> some View {
        modified { nodes, place in
            guard let shown = item.wrappedValue else { return }
            let inside = content(shown)._outline(place.under("sheet \(shown.id)"))
            nodes.append(OutlineNode(.sheet, children: inside))
        }
    }

    @_disfavoredOverload
    public func searchable<S: StringProtocol>(
        text: Binding<String>, placement: SearchFieldPlacement = .automatic, prompt: S
    ) -> some View {
        modified { nodes, _ in
            var field = OutlineNode(.field, String(prompt))
            field.value = text.wrappedValue
            field.type = { text.wrappedValue = $0 }
            nodes.insert(field, at: min(1, nodes.count))
        }
    }

    public func safeAreaInset<V: View>(
        edge: VerticalEdge, alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> V
    ) -> some View {
        let content = content()
        return modified { nodes, place in
            let inset = content._outline(place.under("inset"))
            nodes = edge == .top ? inset + nodes : nodes + inset
        }
    }

    public func overlay<V: View>(alignment: Alignment = .center, @ViewBuilder content: () -> V) -> some View {
        let content = content()
        return modified { nodes, place in nodes += content._outline(place.under("overlay")) }
    }
}
