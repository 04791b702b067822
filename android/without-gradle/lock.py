#!/usr/bin/env python3
"""Writes modules.lock: every module that the phone's build needs, as Gradle would choose them: the highest version asked for.

Run it after a change of ../gradle/libs.versions.toml. Maven itself takes the nearest version and stops at AndroidX's
exact demands on each other, so the choice is made here; Maven only downloads.
"""

import pathlib
import re

import catalogue
import poms

LOCK = pathlib.Path(__file__).resolve().parent / "modules.lock"
# What is asked for: in the APK, with its tests, and by the tools.
LISTS = {
    "app": ["app"],
    "test": ["app", "app-test"],
    "kotlinc": ["kotlinc"],
    "merger": ["manifest-merger"],
    "lint": ["ktlint-cli", "compose-rules"],
    "r8": ["r8"],
    "framework": ["android-all-instrumented"],
}


def order(version):
    """Numbers by size; a word (alpha, rc) comes before its release."""
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in re.split(r"[.-]", version)] + [(1, 0, "")]


def closure(asked):
    """{module: version} of all that is reachable once every module has the highest version that anyone asks for."""
    highest, family = dict(line.rsplit(":", 1) for line in asked), {}
    while True:
        before = dict(highest)
        # A version that nobody has may be asked for, as long as someone asks for a higher one.
        unknown = {module for module, _, _ in poms.fetch([(module, version, "pom") for module, version in before.items()])}
        reached, waiting = {}, [line.rsplit(":", 1)[0] for line in asked]
        while waiting:
            module = waiting.pop()
            if module in reached:
                continue
            reached[module] = highest[module] = max(highest[module], family.get(module, "0"), key=order)
            if module in unknown or reached[module] != before.get(module):
                continue
            pom = poms.read(module, reached[module])
            for other, version in pom.family():
                family[other] = max(family.get(other, version), version, key=order)
            for other, version in pom.asks_for():
                highest[other] = max(highest.get(other, version), version, key=order)
                waiting.append(other)
        if highest == before:
            if unknown & set(reached):
                raise SystemExit(f"not in the repository: {sorted(unknown & set(reached))}")
            return reached


def main():
    versions = catalogue.read()
    lines = ["# Written by lock.py from ../gradle/libs.versions.toml: LIST GROUP:ARTIFACT:VERSION:TYPE"]
    for name, bundles in LISTS.items():
        asked = [module for one in bundles for module in catalogue.bundle(versions, one)]
        chosen = [(module, version, poms.read(module, version).packaging()) for module, version in sorted(closure(asked).items())]
        lines += [f"{name} {module}:{version}:{kind}" for module, version, kind in chosen if kind != "pom"]
    LOCK.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
