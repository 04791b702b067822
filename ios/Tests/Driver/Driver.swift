import Guidebook
import GuidebookScreens
import SwiftUI

/// A hand on the app: reads the outline of the screen that stands, taps it, types into it, and counts the taps.
@MainActor
public final class Driver {
    public struct Missing: Error, CustomStringConvertible {
        public let description: String
    }

    public let app: AppModel
    public var taps = 0
    private let host: OutlineHost

    public init(app: AppModel, wide: Bool = false) {
        self.app = app
        host = OutlineHost(wide: wide) { RootScreen(app: app) }
    }

    /// Starts the app and waits until it stands.
    public func start() async {
        await app.start()
        await settle()
    }

    /// Waits until nothing is under way, what appeared on the way included.
    public func settle() async {
        for _ in 0..<4 {
            _ = host.outline()
            await app.settle()
        }
    }

    public var outline: [OutlineNode] { host.outline() }
    public var text: String { outline.text }

    /// What a finger can reach: what stands before everything, if something does.
    public var reachable: [OutlineNode] {
        let nodes = outline
        guard let sheet = nodes.last(where: { $0.role == .sheet }) else { return nodes }
        return [sheet]
    }

    public func shows(_ text: String) -> Bool {
        reachable.flatMap(\.all).contains { $0.label.contains(text) || $0.value?.contains(text) == true }
    }

    /// Taps what is called so, or whose name begins so.
    public func tap(_ name: String) async throws {
        let (node, depth) = try find(name) { $0.tap != nil }
        guard node.enabled else { throw Missing(description: "“\(name)” is disabled in\n\(text)") }
        taps += 1 + depth
        node.tap?()
        await settle()
    }

    /// Types into the field that is called so; the keyboard is there already if it has the cursor.
    public func type(_ text: String, into name: String) async throws {
        let (node, _) = try find(name) { $0.type != nil }
        node.type?(text)
        await settle()
    }

    public func node(_ name: String) throws -> OutlineNode {
        try find(name) { _ in true }.node
    }

    /// What it is in has to be opened first, if it is a menu or a choice.
    private func find(_ name: String, where fits: (OutlineNode) -> Bool) throws -> (node: OutlineNode, depth: Int) {
        let all = reachable.flatMap { Self.walk($0, 0) }.filter { fits($0.node) }
        if let exact = all.first(where: { $0.node.label == name }) { return exact }
        if let near = all.first(where: { $0.node.label.hasPrefix(name) }) { return near }
        throw Missing(description: "no “\(name)” in\n\(text)")
    }

    private static func walk(_ node: OutlineNode, _ depth: Int) -> [(node: OutlineNode, depth: Int)] {
        let deeper = depth + (node.role == .menu ? 1 : 0)
        return [(node, depth)] + node.children.flatMap { walk($0, deeper) }
    }
}
