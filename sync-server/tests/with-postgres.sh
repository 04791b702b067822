#!/usr/bin/env bash
# Runs a command beside a throw-away PostgreSQL on loopback: tests/with-postgres.sh cargo test -p guidebook-server
# The command finds it in GUIDEBOOK_TEST_POSTGRES (a URL) and the certificate that it shows in GUIDEBOOK_TEST_POSTGRES_CA.
# Nothing is flushed to disk: what is proved about power loss is not proved here. Installs Debian's postgresql if there is none.
set -euo pipefail

find_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }
bin=$(find_bin)
if [ ! -x "${bin:-}/initdb" ] || ! command -v openssl >/dev/null; then
    echo "with-postgres: installing postgresql" >&2
    apt-get update -qq && apt-get install -y -qq postgresql openssl >/dev/null || { echo "with-postgres: PostgreSQL is missing: install it (initdb, pg_ctl) and run this again" >&2; exit 1; }
    bin=$(find_bin)
fi

# PostgreSQL refuses to run as root.
user=nobody
dir=$(mktemp -d)
as_user() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid "$user" --regid "$(id -gn "$user")" --clear-groups env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 HOME="$dir" "$@"
    else
        "$@"
    fi
}
stop() {
    local result=$?
    [ ! -e "$dir/data/postmaster.pid" ] || as_user "$bin/pg_ctl" -D "$dir/data" -m immediate -s stop || true
    rm -rf "$dir"
    exit "$result"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=postgres -addext "subjectAltName=IP:127.0.0.1" \
    -addext "basicConstraints=critical,CA:FALSE" -keyout "$dir/server.key" -out "$dir/server.crt" 2>/dev/null
chmod 600 "$dir/server.key"
chmod 711 "$dir"
[ "$(id -u)" != 0 ] || chown -R "$user" "$dir"

here=$PWD
cd /
as_user "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
started=
for _ in 1 2 3; do
    port=$((20000 + RANDOM % 12000))
    options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir -c max_connections=300 -c shared_buffers=64MB"
    options="$options -c ssl=on -c ssl_cert_file=$dir/server.crt -c ssl_key_file=$dir/server.key"
    [ "${WITH_POSTGRES_DURABLE:-}" = 1 ] || options="$options -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    if as_user "$bin/pg_ctl" -D "$dir/data" -s -w -l "$dir/log" -o "$options" start; then
        started=1
        break
    fi
done
[ -n "$started" ] || { cat "$dir/log" >&2; exit 1; }
cd "$here"

export GUIDEBOOK_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres"
export GUIDEBOOK_TEST_POSTGRES_CA="$dir/server.crt"
"$@"
