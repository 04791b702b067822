#!/usr/bin/env python3
"""licences.py   prints Licences.swift: whose work is in the core on the phone, from `cargo metadata`."""

import json
import subprocess

said = subprocess.run(
    ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", "aarch64-apple-ios"],
    check=True, capture_output=True, text=True,
).stdout
metadata = json.loads(said)
packages = {package["id"]: package for package in metadata["packages"]}
needs = {
    node["id"]: [d["pkg"] for d in node["deps"] if any(k["kind"] is None for k in d["dep_kinds"])]
    for node in metadata["resolve"]["nodes"]
}
seen, todo = set(), [i for i, package in packages.items() if package["name"] == "guidebook-core"]
while todo:
    package = todo.pop()
    if package not in seen:
        seen.add(package)
        todo += needs[package]
works = sorted({(packages[i]["name"], packages[i]["license"] or "") for i in seen if packages[i]["source"]})

print("// Written by scripts/licences.py; a test compares.\n")
print("extension AboutModel {")
print("    /// The work of others that is in the core.")
print("    public static let licences = [")
for name, licence in works:
    print(f'        Licence(work: "{name}", licence: "{licence.replace("/", " OR ")}"),')
print("    ]\n}")
