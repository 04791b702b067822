#!/usr/bin/env bash
# Applies each patch of this folder to a copy of the tree, plays 300 schedules, and prints how many go red; those called
# coupon-… play schedules of coupons.
#   run.sh [--seeds N] [NAME...]       MUTATIONS_TARGET: where to build, target/mutations unless set
# The first line of a patch says what is wrong with it. Fails if a patch does not apply or build, or no schedule goes red.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(git -C "$here" rev-parse --show-toplevel)
seeds=300
if [ "${1:-}" = --seeds ]; then
    seeds=$2
    shift 2
fi
export CARGO_TARGET_DIR=${MUTATIONS_TARGET:-$root/target/mutations}
# Built twenty times and run for a moment: quick to build goes before quick to run.
export CARGO_PROFILE_DEV_OPT_LEVEL=0 CARGO_PROFILE_DEV_DEBUG=false
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
# What is committed and what is not yet: all that git would keep.
(cd "$root" && git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copy")

names=("$@")
[ $# -gt 0 ] || for patch in "$here"/*.patch; do names+=("$(basename "$patch" .patch)"); done
failed=0
echo "| mutation | red of $seeds | first word |"
echo "| --- | --- | --- |"
for name in "${names[@]}"; do
    patch=$here/$name.patch
    if ! git -C "$copy" apply --recount "$patch" 2>"$copy/why"; then
        echo "| $name | does not apply | $(head -1 "$copy/why") |"
        failed=1
        continue
    fi
    if (cd "$copy" && cargo build --quiet --locked -p guidebook-testkit --bin simulate 2>"$copy/why"); then
        which=()
        [[ $name != coupon-* ]] || which=(--coupons)
        played=$("$CARGO_TARGET_DIR/debug/simulate" "${which[@]}" --seeds "$seeds" --print 1 || true)
        red=$(sed -n 's/.* schedules, \([0-9]*\) failed.*/\1/p' <<<"$played")
        word=$(sed -n '1s/^seed [0-9]*, [^:]*: //p' <<<"$played" | cut -c1-70)
        echo "| $(head -1 "$patch") | ${red:-?} | $word |"
        [ "${red:-0}" -gt 0 ] || failed=1
    else
        echo "| $name | does not build | $(grep -m1 '^error' "$copy/why") |"
        failed=1
    fi
    git -C "$copy" apply --recount -R "$patch"
done
exit $failed
