#!/usr/bin/env python3
"""Which of the Android side is compiled and run by `./dev test`, which only compiled, which neither, with line counts.

lines.py            prints the table, and fails where more than 5 % are not run
lines.py --write    and puts it into ../README.md between its markers
"""

import pathlib
import re
import sys

ANDROID = pathlib.Path(__file__).resolve().parent.parent
README = ANDROID / "README.md"
MOST = 5.0
NEITHER = "neither (Gradle and R8 read them)"
KINDS = [
    ("compiled and run", "ui/src/commonMain/kotlin", "**/*.kt", "screens, presenters, words: for the desktop and against AndroidX"),
    ("compiled and run", "app/src/main/kotlin", "**/*.kt", "the phone's glue, under Robolectric"),
    ("compiled and run", "app/src/main/res", "**/*.xml", "linked by aapt2, drawn by Robolectric"),
    ("compiled and run", "app/src/main", "*.xml", "manifest, merged by AGP's merger"),
    ("compiled and run", "counter/src/main/kotlin", "**/*.kt", "the counter's window"),
    (NEITHER, ".", "*.gradle.kts", "Gradle"),
    (NEITHER, ".", "*/*.gradle.kts", "Gradle"),
    (NEITHER, "app", "proguard-rules.pro", "R8"),
    (NEITHER, ".", "gradle.properties", "Gradle"),
    (NEITHER, "gradle/wrapper", "*.properties", "Gradle"),
]


def count(folder, pattern):
    files = sorted((ANDROID / folder).glob(pattern))
    return len(files), sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)


def main(arguments):
    rows = [(kind, folder, pattern, what, *count(folder, pattern)) for kind, folder, pattern, what in KINDS]
    total = sum(row[5] for row in rows)
    unrun = 100 * sum(row[5] for row in rows if row[0] == NEITHER) / total
    table = ["| here | where | files | lines | what |", "| --- | --- | --- | --- | --- |"]
    table += [f"| {kind} | `{folder}/{pattern}` | {files} | {lines} | {what} |" for kind, folder, pattern, what, files, lines in rows if files]
    table.append(f"\nNot run: {unrun:.1f} % of {total} lines; only compiled: none. The bar is {MOST:.0f} %.")
    print("\n".join(table))
    if "--write" in arguments:
        text = README.read_text(encoding="utf-8")
        whole = "<!-- lines -->\n" + "\n".join(table) + "\n<!-- /lines -->"
        README.write_text(re.sub(r"<!-- lines -->.*<!-- /lines -->", lambda _: whole, text, flags=re.S), encoding="utf-8")
    sys.exit(unrun > MOST)


if __name__ == "__main__":
    main(sys.argv[1:])
