#!/usr/bin/env bash
# with-server.sh COMMAND…   runs COMMAND beside a real server on loopback with the sample store in it.
#   GUIDEBOOK_CONTRACT   set for COMMAND: the one line of JSON that the server prints (address, key, codes, a member, the till's program…)
#   CONTRACT_SERVER      the server to start (default: built here, target/debug/contract-server)
#   CONTRACT_MEMBERS     a made-up retailer whose one guide has so many members, instead of the sample store
# The server lives until its standard input closes, so it cannot outlive this script, however that ends.
set -euo pipefail
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$repo/target}
if [ -z "${CONTRACT_SERVER:-}" ]; then
    # In the repository, whose .cargo/config.toml says how SQLite is built.
    (cd "$repo" && cargo build --quiet --locked -p guidebook-server -p guidebook-testkit -p guidebook-till --bins)
    CONTRACT_SERVER=$target/debug/contract-server
fi

coproc server { exec "$CONTRACT_SERVER" ${CONTRACT_MEMBERS:+"$CONTRACT_MEMBERS"}; }
# shellcheck disable=SC2154 # set by coproc
pid=$server_PID
if ! read -r -t 120 GUIDEBOOK_CONTRACT <&"${server[0]}"; then
    echo "with-server.sh: the server did not come up" >&2
    exit 1
fi
export GUIDEBOOK_CONTRACT
hold=${server[1]}
code=0
"$@" {hold}>&- || code=$?
exec {hold}>&-
wait "$pid" || true
exit "$code"
