#!/usr/bin/env bash
# Runs the Swift package's contract test on Debian, as root (see in-chroot.sh). Further arguments go to `swift test`.
set -euo pipefail
bindings=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
"$bindings/generate.sh"
exec "$bindings/with-small-disk.sh" "$bindings/with-server.sh" "$bindings/swift/run-tests.sh" swift bindings/swift "$@"
