#!/usr/bin/env bash
# run-tests.sh WORD PACKAGE…   runs the tests of a Swift package of this repository, and closes with `WORD: N passed, N failed`.
# Further arguments go to `swift test`. What the tests need of a server or a disk is in the environment.
set -euo pipefail
word=$1 package=$2
shift 2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
code=0
"$(dirname "${BASH_SOURCE[0]}")/in-chroot.sh" \
    swift test --package-path "/guidebook/$package" --scratch-path "/var/tmp/guidebook-${package//\//-}" --disable-sandbox \
    --disable-swift-testing -Xlinker --allow-shlib-undefined "$@" 2>&1 | tee "$log" || code=$?

ended() { grep -cE "^Test Case '.*' $1" "$log" || true; }
passed=$(ended passed) failed=$(ended failed) skipped=$(ended skipped)
[ "$code" = 0 ] || [ "$failed" != 0 ] || failed=1
[ "$skipped" = 0 ] && skips='' || skips=", $skipped skipped"
echo "$word: $passed passed, $failed failed$skips"
exit "$code"
