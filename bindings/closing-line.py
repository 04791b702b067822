#!/usr/bin/env python3
"""closing-line.py WORD REPORT…   prints `WORD: N passed, N failed` from JUnit reports; none means that nothing ran."""

import pathlib
import sys
import xml.etree.ElementTree as tree

word, *reports = sys.argv[1:]
suites = [suite for file in reports if pathlib.Path(file).exists() for suite in tree.parse(file).iter("testsuite")]
tests, failures, errors, skipped = (
    sum(int(suite.get(name) or 0) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
)
failed = failures + errors if tests else 1
skips = f", {skipped} skipped" if skipped else ""
print(f"{word}: {max(tests - failed - skipped, 0)} passed, {failed} failed{skips}")
