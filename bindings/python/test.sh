#!/usr/bin/env bash
# Builds the wheel, installs it into a fresh environment, and runs the contract test there against a real server.
#   PYTHON   the interpreter (default python3)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bindings=$(realpath -m "${CARGO_TARGET_DIR:-target}/bindings")
work=$bindings/python-build
python=${PYTHON:-python3}

bindings/generate.sh
rm -rf "$work"
mkdir -p "$work"
cp -r bindings/python "$work/source"
cp "$bindings/python/guidebook_core.py" "$bindings"/native/* "$work/source/guidebook_core/"

"$python" -m venv "$work/build"
"$work/build/bin/pip" wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$work/wheel" "$work/source"
"$python" -m venv "$work/user"
wheel=$(echo "$work"/wheel/guidebook_core-*.whl)
"$work/user/bin/pip" install --quiet --disable-pip-version-check "${wheel}[test]"
echo "python/test.sh: $(basename "$wheel")"

code=0
bindings/with-small-disk.sh bindings/with-server.sh \
    "$work/user/bin/python" -B -m pytest --rootdir bindings/python --junit-xml "$work/report.xml" bindings/python/tests || code=$?
bindings/closing-line.py python "$work/report.xml"
exit "$code"
