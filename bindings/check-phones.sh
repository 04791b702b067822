#!/usr/bin/env bash
# Type-checks the core for phones: arm64 Android and iOS. Nothing is linked: that needs the NDK or Xcode.
# The C parts (SQLite, ring, zstd) are compiled on the way. `zig cc` stands in for the phones' compilers, with the headers
# that it has: musl's for Android's, macOS's for iOS's. What it makes is thrown away.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=${CARGO_TARGET_DIR:-$PWD/target}/phone-tools
zig_version=0.17.1
declare -A headers=([aarch64-linux-android]=aarch64-linux-musl [aarch64-apple-ios]=aarch64-macos)

install_zig() {
    [ ! -x "$tools/zig" ] || return 0
    echo "check-phones: installing zig $zig_version"
    mkdir -p "$tools"
    python3 -m venv "$tools/python"
    "$tools/python/bin/pip" install --quiet "ziglang==$zig_version"
    printf '#!/bin/sh\nexec "%s" -m ziglang "$@"\n' "$tools/python/bin/python" >"$tools/zig"
    chmod +x "$tools/zig"
}

# A C compiler for one target, without the words that only the phone's own compiler understands.
write_compiler() {
    cat >"$tools/cc-$1" <<SCRIPT
#!/usr/bin/env bash
words=()
while [ \$# -gt 0 ]; do
    case \$1 in
        --target=* | -mios-version-min=* | -miphoneos-version-min=*) ;;
        -target | -arch | -isysroot) shift ;;
        *) words+=("\$1") ;;
    esac
    shift
done
exec "$tools/zig" cc -target ${headers[$1]} "\${words[@]}"
SCRIPT
    printf '#!/bin/sh\nexec "%s" ar "$@"\n' "$tools/zig" >"$tools/ar"
    chmod +x "$tools/cc-$1" "$tools/ar"
}

install_zig
rustup --quiet target add "${!headers[@]}"
for target in "${!headers[@]}"; do
    write_compiler "$target"
    name=${target//-/_}
    began=$SECONDS
    env "CC_$name=$tools/cc-$target" "AR_$name=$tools/ar" SDKROOT="$tools" \
        cargo check --quiet --locked --target "$target" -p guidebook-core
    echo "$target: checks, $((SECONDS - began)) s"
done
