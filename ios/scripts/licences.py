#!/usr/bin/env python3
"""licences.py [--check]   writes Licences.swift: whose work is in the core on the phone, from `cargo metadata`.

With --check it only says whether the file is as it would be written.
"""

import json
import pathlib
import subprocess
import sys

FILE = pathlib.Path(__file__).parent.parent / "Sources/Guidebook/Screens/Licences.swift"

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

lines = ["// Written by scripts/licences.py.", "", "extension AboutModel {"]
lines += ["    /// The work of others that is in the core.", "    public static let licences = ["]
lines += [f'        Licence(work: "{name}", licence: "{licence.replace("/", " OR ")}"),' for name, licence in works]
lines += ["    ]", "}"]
text = "\n".join(lines) + "\n"

if "--check" not in sys.argv:
    FILE.write_text(text)
elif FILE.read_text() != text:
    sys.exit("licences.py: Licences.swift is not what licences.py writes")
