#!/usr/bin/env python3
"""What gradle/libs.versions.toml says, for the builds that run without Gradle.

catalogue.py maven           every version as -Dlibs.NAME=VALUE, for the command line of Maven
catalogue.py version NAME    one version
catalogue.py bundle NAME…    the modules of bundles (or single libraries), one group:artifact:version a line
"""

import pathlib
import sys
import tomllib

FILE = pathlib.Path(__file__).resolve().parent.parent / "gradle" / "libs.versions.toml"


def read(file=FILE):
    return tomllib.loads(file.read_text(encoding="utf-8"))


def module(catalogue, name):
    library = catalogue["libraries"][name]
    return f"{library['module']}:{catalogue['versions'][library['version']['ref']]}"


def bundle(catalogue, name):
    return [module(catalogue, one) for one in catalogue["bundles"].get(name, [name])]


def main(arguments):
    catalogue = read()
    match arguments:
        case ["maven"]:
            print(*(f"-Dlibs.{name}={value}" for name, value in catalogue["versions"].items()), sep="\n")
        case ["version", name]:
            print(catalogue["versions"][name])
        case ["bundle", *names] if names:
            print(*(line for name in names for line in bundle(catalogue, name)), sep="\n")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
