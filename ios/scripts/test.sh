#!/usr/bin/env bash
# test.sh   everything that can be proved of the iOS app without a Mac: the project, the licences, and the package's tests
# beside a real server. Closes with `ios: N passed, N failed`. Further arguments go to `swift test`.
#   GUIDEBOOK_ACCEPT=1   writes the outlines of the screens anew
set -euo pipefail
ios=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ios/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT

command -v npm >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm >/dev/null; }
bindings/generate.sh
passed=0 failed=0
add() { # the closing line of a part: `word: N passed, N failed…`
    passed=$((passed + $(sed -nE "s/^$1: ([0-9]+) passed.*/\1/p" "$log" | tail -1 | grep . || echo 0)))
    failed=$((failed + $(sed -nE "s/^$1: .* ([0-9]+) failed.*/\1/p" "$log" | tail -1 | grep . || echo 1)))
}
ios/scripts/project.sh 2>&1 | tee "$log" || true
add project
for written in licences.py table.py words.py; do
    if ios/scripts/"$written" --check; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
bindings/with-server.sh bindings/swift/run-tests.sh swift-ios ios "$@" 2>&1 | tee "$log" || true
add swift-ios
echo "ios: $passed passed, $failed failed"
[ "$failed" = 0 ]
