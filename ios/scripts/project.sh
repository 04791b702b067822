#!/usr/bin/env bash
# project.sh            compares App/Guidebook.xcodeproj with what the generator writes, and re-reads it by a second parser
# project.sh --accept   writes it
# npm's packages are installed in a folder that goes again. Closes with `project: N passed, N failed`.
set -euo pipefail
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
committed=$scripts/../App/Guidebook.xcodeproj/project.pbxproj
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$scripts"/project/* "$work"
(cd "$work" && npm install --silent --no-audit --no-fund --no-package-lock --ignore-scripts >/dev/null)

mkdir -p "$(dirname "$committed")" "$work/App/Guidebook.xcodeproj"
if [ "${1:-}" = --accept ]; then node "$work/generate.mjs" "$committed"; fi

passed=0 failed=0
check() {
    local what=$1
    shift
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "project: $what" >&2; fi
}
# A project that refers to nothing must be seen.
broken() {
    sed '0,/productReference = [0-9A-F]*/s//productReference = 000000000000000000000000/' "$committed" \
        >"$work/App/Guidebook.xcodeproj/project.pbxproj"
    ! node "$work/check.mjs" "$work/App/Guidebook.xcodeproj/project.pbxproj" 2>/dev/null
}
node "$work/generate.mjs" "$work/fresh.pbxproj"
check "the committed project is not what project.sh --accept writes" cmp -s "$work/fresh.pbxproj" "$committed"
check "the second parser finds faults" node "$work/check.mjs" "$committed"
check "the second parser sees no damage" broken
echo "project: $passed passed, $failed failed"
[ "$failed" = 0 ]
