#!/usr/bin/env python3
"""table.py [--check]   writes the table of README.md: how much of the app is compiled and run on Linux, and what is not.

With --check it writes nothing, and says whether what can't be run here is under 5 %.
"""

import pathlib
import sys

IOS = pathlib.Path(__file__).parent.parent
README = IOS / "README.md"
BEGIN, END = "<!-- table.py -->\n", "<!-- /table.py -->\n"
KINDS = [
    ("compiled and run here", ["Sources/Guidebook", "Sources/GuidebookOverCore", "Sources/GuidebookScreens"]),
    ("compiled here, not run", []),
    ("neither: needs Xcode", ["App/Guidebook"]),
]


def lines(folder):
    files = sorted((IOS / folder).rglob("*.swift"))
    files = [file for file in files if "GuidebookCore/" not in str(file)]
    return len(files), sum(len(file.read_text().splitlines()) for file in files)


counts = [(kind, folder, *lines(folder)) for kind, folders in KINDS for folder in folders or [None] if folder]
total = sum(count for *_, count in counts)
rows = ["| | folder | files | lines | share |", "| --- | --- | --- | --- | --- |"]
for kind, folders in KINDS:
    for folder in folders:
        _, _, files, count = next(row for row in counts if row[1] == folder)
        rows.append(f"| {kind} | `{folder}/` | {files} | {count} | {100 * count / total:.1f} % |")
    if not folders:
        rows.append(f"| {kind} | | 0 | 0 | 0.0 % |")
table = BEGIN + "\n".join(rows) + "\n" + END
unproved = sum(count for kind, _, _, count in counts if not kind.startswith("compiled and run")) / total

text = README.read_text()
before, rest = text.split(BEGIN)
fresh = before + table + rest.split(END)[1]
if "--check" not in sys.argv:
    README.write_text(fresh)
if unproved >= 0.05:
    sys.exit(f"table.py: {100 * unproved:.1f} % of the app is not run here; 5 % is the bar")
