#!/usr/bin/env bash
# Compiles the generated Kotlin, runs its contract test against a real server, and packages the jar.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bindings=$(realpath -m "${CARGO_TARGET_DIR:-target}/bindings")

bindings/generate.sh
# The jar carries the library in the folder in which JNA looks for it.
case $(uname -sm) in
    'Linux x86_64') platform=linux-x86-64 ;;
    'Linux aarch64') platform=linux-aarch64 ;;
    'Darwin arm64') platform=darwin-aarch64 ;;
    *) echo "kotlin/test.sh: no JNA folder known for $(uname -sm)" >&2; exit 2 ;;
esac
mkdir -p "$bindings/kotlin-native/$platform"
cp -u "$bindings"/native/* "$bindings/kotlin-native/$platform/"

reports=$bindings/kotlin-build/surefire-reports
rm -rf "$reports"
code=0
bindings/with-small-disk.sh bindings/with-server.sh \
    mvn --batch-mode --no-transfer-progress -f bindings/kotlin/pom.xml "-Dbindings=$bindings" package || code=$?

bindings/closing-line.py kotlin "$reports"/TEST-*.xml
exit "$code"
