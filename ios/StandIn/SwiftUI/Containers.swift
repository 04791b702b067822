public enum HorizontalAlignment: Sendable { case leading, center, trailing }
public enum VerticalAlignment: Sendable { case top, center, bottom, firstTextBaseline }
public enum Alignment: Sendable { case center, leading, trailing, top, bottom, topLeading, bottomTrailing }
public enum Edge: Sendable {
    case top, leading, bottom, trailing

    public struct Set: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }
        public static let top = Set(rawValue: 1), leading = Set(rawValue: 2), bottom = Set(rawValue: 4)
        public static let trailing = Set(rawValue: 8), horizontal: Set = [.leading, .trailing]
        public static let vertical: Set = [.top, .bottom], all: Set = [.horizontal, .vertical]
    }
}
public enum VerticalEdge: Sendable { case top, bottom }
public enum Axis: Sendable {
    case horizontal, vertical

    public struct Set: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }
        public static let horizontal = Set(rawValue: 1), vertical = Set(rawValue: 2)
    }
}

/// Views side by side; the outline has them in their order.
public struct HStack<Content: View>: Leaf {
    let content: Content
    public init(alignment: VerticalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content) {
        self.content = content()
    }
    public func _outline(_ place: Place) -> [OutlineNode] { content._outline(place) }
}

public struct VStack<Content: View>: Leaf {
    let content: Content
    public init(alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content) {
        self.content = content()
    }
    public func _outline(_ place: Place) -> [OutlineNode] { content._outline(place) }
}

public struct ZStack<Content: View>: Leaf {
    let content: Content
    public init(alignment: Alignment = .center, @ViewBuilder content: () -> Content) { self.content = content() }
    public func _outline(_ place: Place) -> [OutlineNode] { content._outline(place) }
}

public struct Group<Content: View>: Leaf {
    let content: Content
    public init(@ViewBuilder content: () -> Content) { self.content = content() }
    public func _outline(_ place: Place) -> [OutlineNode] { content._outline(place) }
}

public struct ScrollView<Content: View>: Leaf {
    let content: Content
    public init(_ axes: Axis.Set = .vertical, showsIndicators: Bool = true, @ViewBuilder content: () -> Content) {
        self.content = content()
    }
    public func _outline(_ place: Place) -> [OutlineNode] { content._outline(place) }
}

public struct GridItem: Sendable {
    public enum Size: Sendable {
        case flexible(minimum: CGFloat = 10, maximum: CGFloat = .infinity)
        case adaptive(minimum: CGFloat, maximum: CGFloat = .infinity)
    }
    public init(_ size: Size = .flexible(), spacing: CGFloat? = nil, alignment: Alignment? = nil) {}
}

public struct LazyVGrid<Content: View>: Leaf {
    let content: Content
    public init(
        columns: [GridItem], alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil,
        @ViewBuilder content: () -> Content
    ) {
        self.content = content()
    }
    public func _outline(_ place: Place) -> [OutlineNode] { content._outline(place) }
}

/// One view for each element, told apart by its id.
public struct ForEach<Data: RandomAccessCollection, ID: Hashable, Content: View>: Leaf {
    let data: Data
    let id: (Data.Element) -> ID
    let content: (Data.Element) -> Content

    /// Rows that a phone shows without scrolling.
    private static var fold: Int { 12 }

    public func _outline(_ place: Place) -> [OutlineNode] {
        data.enumerated().flatMap { number, element in
            var here = place.under("\(id(element))")
            here.isBelowFold = place.isBelowFold || number >= Self.fold
            return content(element)._outline(here)
        }
    }
}

extension ForEach where Data.Element: Identifiable, ID == Data.Element.ID {
    public init(_ data: Data, @ViewBuilder content: @escaping (Data.Element) -> Content) {
        self.init(data: data, id: { $0.id }, content: content)
    }
}

extension ForEach {
    public init(_ data: Data, id: KeyPath<Data.Element, ID>, @ViewBuilder content: @escaping (Data.Element) -> Content) {
        self.init(data: data, id: { $0[keyPath: id] }, content: content)
    }
}

public struct List<Content: View>: Leaf {
    let content: Content
    public init(@ViewBuilder content: () -> Content) { self.content = content() }
    public func _outline(_ place: Place) -> [OutlineNode] { [OutlineNode(.list, children: content._outline(place))] }
}

public struct Form<Content: View>: Leaf {
    let content: Content
    public init(@ViewBuilder content: () -> Content) { self.content = content() }
    public func _outline(_ place: Place) -> [OutlineNode] { content._outline(place) }
}

public struct Section<Header: View, Content: View, Footer: View>: Leaf {
    let header: Header
    let content: Content
    let footer: Footer

    public init(@ViewBuilder content: () -> Content, @ViewBuilder header: () -> Header, @ViewBuilder footer: () -> Footer) {
        self.header = header()
        self.content = content()
        self.footer = footer()
    }

    public func _outline(_ place: Place) -> [OutlineNode] {
        var title = OutlineNode(.heading)
        title.label = header._outline(place.under("header")).map(\.spoken).joined(separator: "，")
        let heading = title.label.isEmpty ? [] : [title]
        return [OutlineNode(.section, children: heading + content._outline(place) + footer._outline(place.under("footer")))]
    }
}

extension Section where Footer == EmptyView {
    public init(@ViewBuilder content: () -> Content, @ViewBuilder header: () -> Header) {
        self.init(content: content, header: header, footer: { EmptyView() })
    }
}

extension Section where Header == EmptyView {
    public init(@ViewBuilder content: () -> Content, @ViewBuilder footer: () -> Footer) {
        self.init(content: content, header: { EmptyView() }, footer: footer)
    }
}

extension Section where Header == EmptyView, Footer == EmptyView {
    public init(@ViewBuilder content: () -> Content) {
        self.init(content: content, header: { EmptyView() }, footer: { EmptyView() })
    }
}

extension Section where Header == Text, Footer == EmptyView {
    @_disfavoredOverload
    public init<S: StringProtocol>(_ title: S, @ViewBuilder content: () -> Content) {
        self.init(content: content, header: { Text(title) }, footer: { EmptyView() })
    }
}
