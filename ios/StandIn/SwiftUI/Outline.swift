/// What a person meets on a screen, in order.
@MainActor
public struct OutlineNode {
    public enum Role: String, Sendable {
        case text, image, heading, button, toggle, field, choice, option, progress, group, section, list, bar, menu, sheet,
            pane
    }

    public var role: Role
    public var label = ""
    /// The label with what is emphasised between `«` and `»`.
    public var marked: String?
    public var value: String?
    public var hint: String?
    public var enabled = true
    public var selected = false
    public var focused = false
    /// The least height that the code gives it, in points.
    public var height: Double?
    public var children: [OutlineNode] = []
    /// What a picker is told apart by.
    var tag: AnyHashable?
    public var tap: (@MainActor () -> Void)?
    public var type: (@MainActor (String) -> Void)?

    init(_ role: Role, _ label: String = "", children: [OutlineNode] = []) {
        self.role = role
        self.label = label
        self.children = children
    }

    /// What VoiceOver would say of this and what is in it.
    var spoken: String {
        label.isEmpty ? children.map(\.spoken).filter { !$0.isEmpty }.joined(separator: "，") : label
    }

    public var isTappable: Bool { tap != nil || type != nil }

    /// This and all that is in it, in order.
    public var all: [OutlineNode] { [self] + children.flatMap(\.all) }

    func lines(_ depth: Int) -> [String] {
        var line = String(repeating: "  ", count: depth) + role.rawValue
        if let said = marked ?? (label.isEmpty ? nil : label) {
            line += " " + said.replacingOccurrences(of: "\n", with: "⏎")
        }
        if let value { line += " = " + (value.isEmpty ? "∅" : value) }
        if selected { line += " [selected]" }
        if focused { line += " [focused]" }
        if !enabled { line += " [disabled]" }
        if let hint { line += " (\(hint))" }
        return [line] + children.flatMap { $0.lines(depth + 1) }
    }
}

extension [OutlineNode] {
    /// As it is kept in files.
    @MainActor public var text: String { flatMap { $0.lines(0) }.joined(separator: "\n") + "\n" }
}

/// Where a view stands in the tree, and what reaches it from above.
@MainActor
public struct Place {
    let host: OutlineHost
    var path: String
    var environment = EnvironmentValues()
    /// Too far down a list to be seen without scrolling.
    var isBelowFold = false

    func under(_ step: String) -> Place {
        var here = self
        here.path += "/" + step
        return here
    }

    /// Gives the properties of a view their memory and their surroundings.
    func connect(_ view: Any) {
        for (number, child) in Mirror(reflecting: view).children.enumerated() {
            (child.value as? any Connected)?.connect(to: under("\(number)"))
        }
    }
}

/// A property that is connected before the body of its view is asked for.
@MainActor
protocol Connected {
    func connect(to place: Place)
}

/// Holds a view, its memory between outlines, and what appeared.
@MainActor
public final class OutlineHost {
    private let root: @MainActor (Place) -> [OutlineNode]
    private var boxes: [String: AnyObject] = [:]
    private var present: Set<String> = []
    private var appearing: [(path: String, action: @MainActor () -> Void)] = []
    var destinations: [ObjectIdentifier: @MainActor (Any, Place) -> [OutlineNode]] = [:]

    /// `wide` is a window with room for two panes.
    public init<V: View>(wide: Bool = false, _ view: @escaping @MainActor () -> V) {
        root = { place in
            var place = place
            place.environment.horizontalSizeClass = wide ? .regular : .compact
            return view()._outline(place)
        }
    }

    /// The screen as it stands, after all that has appeared has done its part.
    public func outline() -> [OutlineNode] {
        for _ in 0..<8 {
            appearing = []
            let nodes = root(Place(host: self, path: ""))
            let fresh = appearing.filter { !present.contains($0.path) }
            present = Set(appearing.map(\.path))
            if fresh.isEmpty { return nodes }
            for one in fresh { one.action() }
        }
        return root(Place(host: self, path: ""))
    }

    func appears(_ place: Place, _ action: @escaping @MainActor () -> Void) {
        if !place.isBelowFold { appearing.append((place.path, action)) }
    }

    func box<B: AnyObject>(_ path: String, _ make: () -> B) -> B {
        if let kept = boxes[path] as? B { return kept }
        let made = make()
        boxes[path] = made
        return made
    }
}
