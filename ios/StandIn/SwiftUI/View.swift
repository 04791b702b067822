@_exported import Foundation
@_exported import Observation

// A stand-in for SwiftUI on machines without it. It has the signatures that the screens use, in the shape of Apple's, and
// instead of drawing it gives an outline: what a person, or VoiceOver, would meet, in order. It says nothing about layout.

/// A view, as Apple's; `_outline` is the stand-in's own.
@MainActor @preconcurrency
public protocol View {
    associatedtype Body: View
    @ViewBuilder var body: Body { get }
    func _outline(_ place: Place) -> [OutlineNode]
}

extension View {
    public func _outline(_ place: Place) -> [OutlineNode] {
        let here = place.under("\(Self.self)")
        here.connect(self)
        return body._outline(here)
    }
}

/// A view that the stand-in outlines itself.
public protocol Leaf: View where Body == Never {}

extension Leaf {
    public var body: Never { fatalError("a leaf has no body") }
}

extension Never: View {
    public var body: Never { fatalError("never") }
}

public struct EmptyView: Leaf {
    public init() {}
    public func _outline(_ place: Place) -> [OutlineNode] { [] }
}

public struct TupleView<T>: Leaf {
    let outlines: [@MainActor (Place) -> [OutlineNode]]

    public func _outline(_ place: Place) -> [OutlineNode] {
        outlines.enumerated().flatMap { number, outline in outline(place.under("\(number)")) }
    }
}

public struct ConditionalContent<A: View, B: View>: Leaf {
    enum Branch {
        case first(A)
        case second(B)
    }

    let branch: Branch

    public func _outline(_ place: Place) -> [OutlineNode] {
        switch branch {
        case .first(let view): view._outline(place.under("if"))
        case .second(let view): view._outline(place.under("else"))
        }
    }
}

extension Optional: View where Wrapped: View {
    public var body: Never { fatalError("a leaf has no body") }
    public func _outline(_ place: Place) -> [OutlineNode] { self?._outline(place.under("some")) ?? [] }
}

@resultBuilder
public enum ViewBuilder {
    public static func buildBlock() -> EmptyView { EmptyView() }
    public static func buildBlock<C: View>(_ content: C) -> C { content }
    @MainActor public static func buildBlock<each C: View>(_ content: repeat each C) -> TupleView<(repeat each C)> {
        var outlines: [@MainActor (Place) -> [OutlineNode]] = []
        for view in repeat each content { outlines.append { view._outline($0) } }
        return TupleView(outlines: outlines)
    }
    public static func buildExpression<C: View>(_ content: C) -> C { content }
    public static func buildIf<C: View>(_ content: C?) -> C? { content }
    public static func buildEither<A: View, B: View>(first: A) -> ConditionalContent<A, B> { .init(branch: .first(first)) }
    public static func buildEither<A: View, B: View>(second: B) -> ConditionalContent<A, B> {
        .init(branch: .second(second))
    }
}

/// What a modifier makes of a view.
public struct Modified<Content: View>: Leaf {
    let content: Content
    var place: @MainActor (Place) -> Place = { $0 }
    var change: @MainActor (inout [OutlineNode], Place) -> Void = { _, _ in }

    public func _outline(_ outer: Place) -> [OutlineNode] {
        let here = place(outer)
        var nodes = content._outline(here)
        change(&nodes, here)
        return nodes
    }
}

extension View {
    func modified(_ change: @escaping @MainActor (inout [OutlineNode], Place) -> Void) -> Modified<Self> {
        Modified(content: self, change: change)
    }

    func each(_ change: @escaping @MainActor (inout OutlineNode) -> Void) -> Modified<Self> {
        modified { nodes, _ in for index in nodes.indices { change(&nodes[index]) } }
    }
}

/// A reusable change of a view, as Apple's.
@MainActor @preconcurrency
public protocol ViewModifier {
    associatedtype Body: View
    typealias Content = ModifiedBy<Self>
    @ViewBuilder func body(content: Content) -> Body
}

/// The content that a `ViewModifier` is handed.
public struct ModifiedBy<M>: Leaf {
    let outline: @MainActor (Place) -> [OutlineNode]
    public func _outline(_ place: Place) -> [OutlineNode] { outline(place) }
}

struct WithModifier<Content: View, M: ViewModifier>: Leaf {
    let content: Content
    let modifier: M

    func _outline(_ place: Place) -> [OutlineNode] {
        let here = place.under("\(M.self)")
        here.connect(modifier)
        return modifier.body(content: ModifiedBy { content._outline($0) })._outline(here)
    }
}

extension View {
    public func modifier<M: ViewModifier>(_ modifier: M) -> some View { WithModifier(content: self, modifier: modifier) }
}
