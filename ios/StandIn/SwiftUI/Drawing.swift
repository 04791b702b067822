public protocol ShapeStyle: Sendable {}

public struct Color: Leaf, ShapeStyle, Hashable, Sendable {
    nonisolated public init(red: Double, green: Double, blue: Double) {}
    nonisolated public init(_ name: String) {}
    public static let clear = Color("clear"), primary = Color("primary"), secondary = Color("secondary")
    public static let white = Color("white"), black = Color("black"), red = Color("red"), orange = Color("orange")
    nonisolated public func opacity(_ opacity: Double) -> Color { self }
    public func _outline(_ place: Place) -> [OutlineNode] { [] }
}

extension ShapeStyle where Self == Color {
    public static var primary: Color { Color("primary") }
    public static var secondary: Color { Color("secondary") }
    public static var red: Color { Color("red") }
    public static var white: Color { Color("white") }
    public static var tint: Color { Color("tint") }
}

public struct Material: ShapeStyle {}

extension ShapeStyle where Self == Material {
    public static var bar: Material { Material() }
    public static var regularMaterial: Material { Material() }
}

/// Text styles only, which follow the size that the reader has chosen: a font of a fixed size does not compile here.
public struct Font: Sendable {
    public enum Weight: Sendable { case regular, medium, semibold, bold }
    public static let largeTitle = Font(), title = Font(), title2 = Font(), title3 = Font(), headline = Font()
    public static let subheadline = Font(), body = Font(), callout = Font(), footnote = Font(), caption = Font()
    public func weight(_ weight: Weight) -> Font { self }
    public func monospacedDigit() -> Font { self }
    public func monospaced() -> Font { self }
}

public struct Path: Sendable {
    public private(set) var rectangles: [CGRect] = []
    public init() {}
    public mutating func addRoundedRect(in rectangle: CGRect, cornerSize: CGSize) { rectangles.append(rectangle) }
    public mutating func addRect(_ rectangle: CGRect) { rectangles.append(rectangle) }
}

public protocol Shape: Leaf, Sendable {
    nonisolated func path(in rectangle: CGRect) -> Path
}

extension Shape {
    public func _outline(_ place: Place) -> [OutlineNode] { [] }
    public func fill<S: ShapeStyle>(_ style: S) -> some View { self }
    public func stroke<S: ShapeStyle>(_ style: S, lineWidth: CGFloat = 1) -> some View { self }
}

public struct Rectangle: Shape {
    nonisolated public init() {}
    nonisolated public func path(in rectangle: CGRect) -> Path { Path() }
}

public struct Capsule: Shape {
    nonisolated public init() {}
    nonisolated public func path(in rectangle: CGRect) -> Path { Path() }
}

public struct RoundedRectangle: Shape {
    nonisolated public init(cornerRadius: CGFloat) {}
    nonisolated public func path(in rectangle: CGRect) -> Path { Path() }
}
