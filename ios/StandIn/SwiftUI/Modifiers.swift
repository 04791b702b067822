// Modifiers that say something to the outline, then those that only draw.

public struct AccessibilityTraits: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let isHeader = AccessibilityTraits(rawValue: 1), isSelected = AccessibilityTraits(rawValue: 2)
}
public enum AccessibilityChildBehavior: Sendable { case combine, ignore, contain }

extension View {
    public func disabled(_ disabled: Bool) -> some View {
        modified { nodes, _ in
            guard disabled else { return }
            @MainActor func disable(_ node: inout OutlineNode) {
                node.enabled = node.isTappable ? false : node.enabled
                for index in node.children.indices { disable(&node.children[index]) }
            }
            for index in nodes.indices { disable(&nodes[index]) }
        }
    }

    @_disfavoredOverload
    public func accessibilityLabel<S: StringProtocol>(_ label: S) -> some View {
        each { $0.label = String(label) }
    }
    @_disfavoredOverload
    public func accessibilityValue<S: StringProtocol>(_ value: S) -> some View {
        each { $0.value = value.isEmpty ? nil : String(value) }
    }
    @_disfavoredOverload
    public func accessibilityHint<S: StringProtocol>(_ hint: S) -> some View {
        each { $0.hint = hint.isEmpty ? nil : String(hint) }
    }
    public func accessibilityHidden(_ hidden: Bool) -> some View {
        modified { nodes, _ in if hidden { nodes = [] } }
    }
    public func accessibilityAddTraits(_ traits: AccessibilityTraits) -> some View {
        each { node in
            if traits.contains(.isSelected) { node.selected = true }
            if traits.contains(.isHeader) { node.role = .heading }
        }
    }
    public func accessibilityElement(children: AccessibilityChildBehavior = .ignore) -> some View {
        modified { nodes, _ in
            switch children {
            case .contain: nodes = [OutlineNode(.group, children: nodes)]
            case .ignore: nodes = [OutlineNode(.text)]
            case .combine: nodes = [OutlineNode(.text, nodes.map(\.spoken).filter { !$0.isEmpty }.joined(separator: "，"))]
            }
        }
    }

    public func tag<V: Hashable>(_ value: V) -> some View {
        each { $0.tag = AnyHashable(value) }
    }

    public func frame(
        minWidth: CGFloat? = nil, idealWidth: CGFloat? = nil, maxWidth: CGFloat? = nil, minHeight: CGFloat? = nil,
        idealHeight: CGFloat? = nil, maxHeight: CGFloat? = nil, alignment: Alignment = .center
    ) -> some View {
        each { node in if let minHeight { node.height = max(node.height ?? 0, Double(minHeight)) } }
    }
    public func frame(width: CGFloat? = nil, height: CGFloat? = nil, alignment: Alignment = .center) -> some View {
        each { node in if let height { node.height = Double(height) } }
    }
}

@MainActor public protocol PrimitiveButtonStyle {}
public struct NamedButtonStyle: PrimitiveButtonStyle {}
extension PrimitiveButtonStyle where Self == NamedButtonStyle {
    public static var plain: Self { Self() }
    public static var borderless: Self { Self() }
    public static var bordered: Self { Self() }
    public static var borderedProminent: Self { Self() }
}

@MainActor public protocol ListStyle {}
public struct PlainListStyle: ListStyle {}
extension ListStyle where Self == PlainListStyle { public static var plain: Self { Self() } }

@MainActor public protocol PickerStyle {}
public struct NamedPickerStyle: PickerStyle {}
extension PickerStyle where Self == NamedPickerStyle {
    public static var inline: Self { Self() }
    public static var segmented: Self { Self() }
}

public enum TextAlignment: Sendable { case leading, center, trailing }
public enum Visibility: Sendable { case automatic, visible, hidden }
public enum ContentMode: Sendable { case fit, fill }

extension View {
    public func font(_ font: Font?) -> some View { self }
    public func fontWeight(_ weight: Font.Weight?) -> some View { self }
    public func foregroundStyle<S: ShapeStyle>(_ style: S) -> some View { self }
    public func tint(_ color: Color?) -> some View { self }
    public func background<S: ShapeStyle>(_ style: S) -> some View { self }
    public func background<S: ShapeStyle, T: Shape>(_ style: S, in shape: T) -> some View { self }
    public func padding(_ edges: Edge.Set = .all, _ length: CGFloat? = nil) -> some View { self }
    public func padding(_ length: CGFloat) -> some View { self }
    public func multilineTextAlignment(_ alignment: TextAlignment) -> some View { self }
    public func lineLimit(_ limit: Int?) -> some View { self }
    public func lineLimit(_ limit: ClosedRange<Int>) -> some View { self }
    public func fixedSize(horizontal: Bool, vertical: Bool) -> some View { self }
    public func contentShape<S: Shape>(_ shape: S) -> some View { self }
    public func clipShape<S: Shape>(_ shape: S) -> some View { self }
    public func ignoresSafeArea() -> some View { self }
    public func buttonStyle<S: PrimitiveButtonStyle>(_ style: S) -> some View { self }
    public func listStyle<S: ListStyle>(_ style: S) -> some View { self }
    public func pickerStyle<S: PickerStyle>(_ style: S) -> some View { self }
    public func listRowSeparator(_ visibility: Visibility) -> some View { self }
    public func autocorrectionDisabled(_ disabled: Bool = true) -> some View { self }
    public func privacySensitive(_ sensitive: Bool = true) -> some View { self }
}
