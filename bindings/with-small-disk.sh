#!/usr/bin/env bash
# with-small-disk.sh COMMAND…   runs COMMAND with a disk of 16 MB (GUIDEBOOK_SMALL_DISK_SIZE) that it may fill up: how the contract tests get the
# core's StorageFull for real. Its folder is in GUIDEBOOK_SMALL_DISK; it is mounted in a namespace of COMMAND's own
# and gone afterwards. Where the kernel allows no such mount, COMMAND runs without, and the tests say that they skip.
set -euo pipefail
alone=(unshare --mount --propagation private)
[ "$(id -u)" = 0 ] || alone=(unshare --user --map-root-user --mount)
folder=$(mktemp -d)
trap 'rmdir "$folder"' EXIT
if "${alone[@]}" mount -t tmpfs -o size=${GUIDEBOOK_SMALL_DISK_SIZE:=16m} guidebook "$folder" 2>/dev/null; then
    export GUIDEBOOK_SMALL_DISK=$folder GUIDEBOOK_SMALL_DISK_SIZE
    # shellcheck disable=SC2016 # expanded by the inner shell
    "${alone[@]}" bash -c 'mount -t tmpfs -o size=$GUIDEBOOK_SMALL_DISK_SIZE guidebook "$GUIDEBOOK_SMALL_DISK" && exec "$@"' small-disk "$@"
else
    echo "with-small-disk.sh: no mount allowed here; StorageFull will be skipped" >&2
    "$@"
fi
