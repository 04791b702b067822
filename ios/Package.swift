// swift-tools-version: 6.0
import PackageDescription

// Guidebook: models and words. GuidebookScreens: SwiftUI. GuidebookOverCore: the models' book over the core in Rust.
//
// On Linux the core is the package bindings/swift beside its library, and SwiftUI a stand-in that compiles the screens and
// gives their outlines. On a Mac the core is what scripts/xcframework.sh has made.
#if os(Linux)
    let packages: [Package.Dependency] = [.package(name: "GuidebookCore", path: "../bindings/swift")]
    let core: Target.Dependency = .product(name: "GuidebookCore", package: "GuidebookCore")
    let swiftUI: [Target.Dependency] = ["SwiftUI"]
    let coreTargets: [String] = []
    let platformTargets: [Target] = [
        .target(name: "SwiftUI", path: "StandIn/SwiftUI", swiftSettings: [.swiftLanguageMode(.v5)]),
        .target(
            name: "GuidebookDriver", dependencies: ["Guidebook", "GuidebookScreens", "SwiftUI"], path: "Tests/Driver"),
        .testTarget(
            name: "ScreensTests", dependencies: ["GuidebookDriver", "GuidebookFakes"], exclude: ["Outlines"]),
        .target(
            name: "GuidebookWalk", dependencies: ["GuidebookDriver", "GuidebookFakes", "GuidebookOverCore", core],
            path: "Tests/Walk"),
        .executableTarget(name: "walk-victim", dependencies: ["GuidebookWalk"], path: "Tests/Victim"),
        .testTarget(
            name: "WalkTests",
            dependencies: ["GuidebookDriver", "GuidebookFakes", "GuidebookOverCore", "GuidebookWalk", "walk-victim", core]),
    ]
#else
    let packages: [Package.Dependency] = []
    let core: Target.Dependency = "GuidebookCore"
    let swiftUI: [Target.Dependency] = []
    let coreTargets = ["GuidebookCore"]
    let platformTargets: [Target] = [
        .binaryTarget(name: "GuidebookCoreFFI", path: "Frameworks/GuidebookCoreFFI.xcframework"),
        .target(name: "GuidebookCore", dependencies: ["GuidebookCoreFFI"], swiftSettings: [.swiftLanguageMode(.v5)]),
    ]
#endif

let package = Package(
    name: "Guidebook",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [
        .library(name: "Guidebook", targets: ["Guidebook", "GuidebookOverCore", "GuidebookScreens"] + coreTargets)
    ],
    dependencies: packages,
    targets: [
        .target(name: "Guidebook"),
        .target(name: "GuidebookOverCore", dependencies: ["Guidebook", core]),
        .target(name: "GuidebookScreens", dependencies: ["Guidebook"] + swiftUI),
        .target(name: "GuidebookFakes", dependencies: ["Guidebook"], path: "Tests/Fakes"),
        .testTarget(name: "GuidebookTests", dependencies: ["Guidebook", "GuidebookFakes"]),
    ] + platformTargets
)
