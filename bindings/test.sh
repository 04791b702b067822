#!/usr/bin/env bash
# test.sh [surface|kotlin|swift|python]…   runs the contract tests that are asked for, or all; installs what they need.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
[ $# -gt 0 ] || set -- surface kotlin swift python

missing=()
need() { command -v "$1" >/dev/null || missing+=("${@:2}"); }
need python3 python3
for what in "$@"; do
    case $what in
        surface) ;;
        kotlin) need java openjdk-17-jdk-headless && need mvn maven ;;
        swift) need debootstrap debootstrap ;;
        python) python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv) ;;
        *) echo "usage: test.sh [surface|kotlin|swift|python]…" >&2; exit 2 ;;
    esac
done
if [ ${#missing[@]} -gt 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

failed=0
for what in "$@"; do
    case $what in
        surface) ./check-surface.sh || failed=1 ;;
        kotlin | swift | python) "$what/test.sh" || failed=1 ;;
    esac
done
exit "$failed"
