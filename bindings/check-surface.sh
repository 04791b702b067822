#!/usr/bin/env bash
# Compares what the generated Kotlin and Swift offer with the agreed surfaces; generate.sh --accept agrees to a change.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bindings/generate.sh
passed=0 failed=0
for language in kotlin swift; do
    agreed=bindings/$language/surface.txt
    if python3 bindings/surface.py "$language" "${CARGO_TARGET_DIR:-target}/bindings/$language" |
        diff -u --label "$agreed" --label generated "$agreed" -; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done
echo "surface: $passed passed, $failed failed"
[ "$failed" = 0 ]
