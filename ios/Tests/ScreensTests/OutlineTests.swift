import Foundation
import Guidebook
import GuidebookDriver
import SwiftUI
import XCTest

/// Every screen in every state, in both languages, as it is kept in `Outlines/`. `GUIDEBOOK_ACCEPT=1` writes them anew.
@MainActor
final class OutlineTests: XCTestCase {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "Outlines")

    func testEveryScreenReadsAsItIsKept() async throws {
        let accept = ProcessInfo.processInfo.environment["GUIDEBOOK_ACCEPT"] == "1"
        var written: Set<String> = []
        for language in Language.allCases {
            for one in everyCase {
                let name = "\(language.rawValue)/\(one.name).txt"
                written.insert(name)
                let file = Self.folder.appendingPathComponent(name)
                let text = try await one.driver(language).reachable.text
                if accept {
                    try FileManager.default.createDirectory(
                        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                    try text.write(to: file, atomically: true, encoding: .utf8)
                } else {
                    XCTAssertEqual(text, try? String(contentsOf: file, encoding: .utf8), name)
                }
            }
        }
        let kept = FileManager.default.enumerator(atPath: Self.folder.path)?.compactMap { $0 as? String } ?? []
        XCTAssertEqual(Set(kept.filter { $0.hasSuffix(".txt") }), written, "every file is some screen's")
    }

    func testWhatCanBeTappedHasANameAndRoomForAFinger() async throws {
        for language in Language.allCases {
            for one in everyCase {
                let outline = try await one.driver(language).outline
                XCTAssertFalse(
                    outline.flatMap(\.all).filter(\.isTappable).isEmpty && !one.name.hasPrefix("Cover"),
                    "\(one.name): a dead end")
                for node in outline.flatMap({ Self.tappable($0, inSystemBar: false) }) {
                    XCTAssertFalse(node.label.isEmpty, "\(one.name): a \(node.role) without a name")
                    if node.role == .button {
                        XCTAssertGreaterThanOrEqual(node.height ?? 0, 44, "\(one.name): “\(node.label)”")
                    }
                }
            }
        }
    }

    func testEveryScreenSaysWhereOneIsBeforeAnythingElse() async throws {
        for one in everyCase where !one.wide {
            let driver = try await one.driver(.zh)
            let said = driver.reachable.flatMap(\.all).filter { !$0.label.isEmpty && $0.label != "‹" }
            let first = said.first { $0.role != .button && $0.role != .menu && $0.role != .choice && $0.role != .option }
            let fits: Set<OutlineNode.Role> = [.heading, .progress, .image]
            XCTAssertTrue(first.map { fits.contains($0.role) } ?? false, "\(one.name): \(first?.label ?? "nothing")")
        }
    }

    func testNoScreenMixesItsLanguages() async throws {
        // Data is Chinese; what the app itself says must not be.
        for one in everyCase where ["Settings", "Filter", "Unlock-hidden", "Enrol"].contains(one.name) {
            let zh = try await one.driver(.zh).text
            let en = try await one.driver(.en).text
            XCTAssertNotEqual(zh, en)
        }
    }

    /// What a bar or a menu holds is the system's to size.
    private static func tappable(_ node: OutlineNode, inSystemBar: Bool) -> [OutlineNode] {
        let inside = inSystemBar || node.role == .bar || node.role == .menu
        let mine = node.isTappable && !(inSystemBar && node.role == .button) ? [node] : []
        return mine + node.children.flatMap { tappable($0, inSystemBar: inside) }
    }
}
