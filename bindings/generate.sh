#!/usr/bin/env bash
# Builds the core and its generator, and writes the bindings into target/bindings, where nothing is committed.
#   generate.sh            generate
#   generate.sh --accept   and take the generated surfaces as the agreed ones (kotlin/surface.txt, swift/surface.txt)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=${CARGO_TARGET_DIR:-target}
out=$target/bindings
case $(uname -s) in Darwin) library=libguidebook_core.dylib ;; *) library=libguidebook_core.so ;; esac

# In one go: apart, the two would build uniffi and half of its tree twice.
cargo build --quiet --locked -p guidebook-core -p guidebook-uniffi-bindgen

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
for language in kotlin swift python; do
    "$target/debug/uniffi-bindgen" generate "$target/debug/$library" --config bindings/uniffi.toml \
        --language "$language" --no-format --out-dir "$fresh/$language" >/dev/null
done

# Only what changed is written, so that no compiler builds again for nothing.
put() { cmp -s "$1" "$2" || { mkdir -p "$(dirname "$2")" && cp "$1" "$2"; }; }
(cd "$fresh" && find . -type f ! -name '*.modulemap') | while read -r file; do put "$fresh/$file" "$out/$file"; done
# Aside, for a later build of other crates may put another one (with fail points) in this place.
put "$target/debug/$library" "$out/native/$library"
# The Swift package lies in the repo and takes its sources inside: copies that git ignores.
put "$out/swift/GuidebookCore.swift" bindings/swift/Sources/GuidebookCore/GuidebookCore.swift
put "$out/swift/GuidebookCoreFFI.h" bindings/swift/Sources/GuidebookCoreFFI/GuidebookCoreFFI.h

if [ "${1:-}" = --accept ]; then
    for language in kotlin swift; do
        python3 bindings/surface.py "$language" "$out/$language" >"bindings/$language/surface.txt"
    done
fi
