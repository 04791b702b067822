#!/usr/bin/env python3
"""fetch.py LIST…   downloads the modules of lists of modules.lock as far as they are missing, and prints their paths."""

import pathlib
import sys

import poms

LOCK = pathlib.Path(__file__).resolve().parent / "modules.lock"


def modules(name):
    lines = [line.split() for line in LOCK.read_text().splitlines() if not line.startswith("#")]
    chosen = [coordinates.split(":") for listed, coordinates in lines if listed == name]
    return [(f"{group}:{artifact}", version, kind) for group, artifact, version, kind in chosen]


def main(names):
    for name in names:
        wanted = modules(name)
        # One list at a time: of two versions of a module Maven would fetch one.
        refused = poms.fetch(wanted)
        if refused:
            sys.exit("not to be had: " + ", ".join(":".join(one) for one in refused))
        print(*(poms.path(*one) for one in wanted), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
