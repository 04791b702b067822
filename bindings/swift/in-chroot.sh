#!/usr/bin/env bash
# in-chroot.sh COMMAND…   runs COMMAND with Debian's Swift 6 at hand, as root: in a chroot that is made once (2.7 GB) and
# kept. The repository lies at /guidebook there. Mounts and processes live in namespaces of their own and go with this script.
#   SWIFT_CHROOT            where the chroot lies (default /var/cache/swift-chroot)
#   GUIDEBOOK_CONTRACT, GUIDEBOOK_SMALL_DISK, GUIDEBOOK_ACCEPT   go in with the command
set -euo pipefail
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
root=${SWIFT_CHROOT:-/var/cache/swift-chroot}
native=$(realpath -m "${CARGO_TARGET_DIR:-$repo/target}/bindings/native")
case $root in /?*) ;; *) echo "swift/in-chroot.sh: SWIFT_CHROOT must be absolute" >&2; exit 2 ;; esac
[ "$(id -u)" = 0 ] || { echo "swift/in-chroot.sh: needs root, for the chroot" >&2; exit 2; }

if [ -z "${GUIDEBOOK_SWIFT_ALONE:-}" ]; then
    export GUIDEBOOK_SWIFT_ALONE=1
    exec unshare --mount --propagation private --pid --fork --kill-child --mount-proc "$0" "$@"
fi

make_chroot() {
    command -v debootstrap >/dev/null ||
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap; }
    # This machine's own mirror: deb822 first, then one-line sources.
    local mirror
    mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/*.sources 2>/dev/null || true)
    [ -n "$mirror" ] || mirror=$(sed -nE 's/^deb (\[[^]]*\] )?([^ ]+) .*/\2/p;T;q' /etc/apt/sources.list)
    rm -rf --one-file-system "$root"
    mkdir -p "$root"
    debootstrap --variant=minbase trixie "$root" "$mirror"
    # Its proxy and its checks hold in the chroot too.
    { grep -lE 'Acquire::(https?::|Check-)' /etc/apt/apt.conf.d/* || true; } | xargs -r cp -t "$root/etc/apt/apt.conf.d"
    mount -t proc proc "$root/proc"
    chroot "$root" apt-get update
    DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y --no-install-recommends \
        swiftlang swiftlang-dev g++ libc6-dev libstdc++-14-dev ca-certificates
    chroot "$root" apt-get clean
    umount "$root/proc"
    touch "$root/.swift-chroot-v1"
}

mkdir -p "$(dirname "$root")"
exec 9>"$root.lock"
flock 9
if [ ! -e "$root/.swift-chroot-v1" ]; then
    log=$root.log
    make_chroot >"$log" 2>&1 || { tail -20 "$log" >&2; exit 1; }
fi

mkdir -p "$native" "$root/guidebook" "$root/guidebook-native" "$root/guidebook-disk"
mount -t proc proc "$root/proc"
mount --bind "$repo" "$root/guidebook"
mount --bind "$native" "$root/guidebook-native"
disk=
if [ -n "${GUIDEBOOK_SMALL_DISK:-}" ]; then
    mount --bind "$GUIDEBOOK_SMALL_DISK" "$root/guidebook-disk"
    disk=/guidebook-disk
fi

chroot "$root" /usr/bin/env -i HOME=/ LANG=C.UTF-8 PATH=/usr/bin:/bin GUIDEBOOK_LIBRARY_DIR=/guidebook-native \
    GUIDEBOOK_CONTRACT="${GUIDEBOOK_CONTRACT:-}" GUIDEBOOK_ACCEPT="${GUIDEBOOK_ACCEPT:-}" \
    ${disk:+GUIDEBOOK_SMALL_DISK="$disk"} "$@" 9>&-
