#!/usr/bin/env bash
# Holds the Python module and the C surface to the golden vectors. Needs python3 and a C compiler.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
(cd python && python3 -m unittest -q)
(cd "$root" && cargo build -q -p guidebook-till-c)
out=$root/target/bindings/till-build
mkdir -p "$out"
python3 - "$root/core/domain/golden/coupons.json" > "$out/vectors.tsv" <<'PY'
import json, sys
golden = json.load(open(sys.argv[1], encoding="utf-8"))
trust = golden["trust"]
print("trust", trust["list"]["text"], trust["list"]["signature"], golden["root"], trust["number"], sep="\t")
for case in golden["parses"]:
    print("parse", case["text"], case["error"] or "good", case["code"] or "", sep="\t")
for case in golden["verdicts"]:
    verdict, _, code = case["verdict"].partition(" ")
    print("verdict", case["text"].strip("\r\n"), case["now_ms"], case["store"], case["class"] or "", verdict, code, sep="\t")
PY
${CC:-cc} -std=gnu11 -Wall -Wextra -Werror -Ic c/test_vectors.c -o "$out/test_vectors" -L "$root/target/debug" -lguidebook_till_c
LD_LIBRARY_PATH=$root/target/debug "$out/test_vectors" "$out/vectors.tsv"
