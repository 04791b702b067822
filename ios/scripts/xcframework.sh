#!/usr/bin/env bash
# On a Mac with Xcode 16: builds the core for the phone and the simulator, and puts it and its generated Swift where
# Package.swift looks for them. Not run on Linux, where the package uses bindings/swift instead.
set -euo pipefail
[ "$(uname -s)" = Darwin ] || { echo "xcframework.sh: needs a Mac with Xcode" >&2; exit 2; }
ios=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
repo=$ios/..
cd "$repo"
target=${CARGO_TARGET_DIR:-$repo/target}
platforms=(aarch64-apple-ios aarch64-apple-ios-sim)
export IPHONEOS_DEPLOYMENT_TARGET=17.0

bindings/generate.sh
rustup target add "${platforms[@]}"

headers=$(mktemp -d)
trap 'rm -rf "$headers"' EXIT
cp "$target/bindings/swift/GuidebookCoreFFI.h" "$headers"
printf 'module GuidebookCoreFFI {\n    header "GuidebookCoreFFI.h"\n    export *\n}\n' >"$headers/module.modulemap"

libraries=()
for platform in "${platforms[@]}"; do
    cargo rustc --locked --profile phone -p guidebook-core --lib --crate-type staticlib --target "$platform"
    libraries+=(-library "$target/$platform/phone/libguidebook_core.a" -headers "$headers")
done

framework=$ios/Frameworks/GuidebookCoreFFI.xcframework
rm -rf "$framework"
xcodebuild -create-xcframework "${libraries[@]}" -output "$framework"
mkdir -p "$ios/Sources/GuidebookCore"
cp "$target/bindings/swift/GuidebookCore.swift" "$ios/Sources/GuidebookCore/GuidebookCore.swift"
