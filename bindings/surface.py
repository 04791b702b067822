"""Prints what generated bindings offer: public declarations only, one a line, in the generator's order.

    surface.py kotlin|swift FOLDER

It reads the shape of uniffi's output (one declaration after another, bodies in braces), not the whole languages.
"""

import pathlib
import re
import sys
from collections.abc import Iterator

# The generator's own machinery, which no shell calls, and what a class repeats of its interface.
MACHINERY = re.compile(
    r"\b(private|fileprivate|internal|protected|constructor|init|FfiConverter\w*|[Uu]niffi\w*|Rust\w*|Foreign\w*|\w+Impl"
    r"|NoHandle|InternalException|interface Disposable|override|open func|errorDescription)\b"
)
DECLARATION = {
    "kotlin": re.compile(
        r"((public|open|suspend|data|sealed|enum|companion) )*(interface|class|object|fun)\b|[A-Z_]+$"
    ),
    "swift": re.compile(
        r"((public|open|static) )+(protocol|class|struct|enum|func|let|var)\b|func |case |extension \w+: Sendable"
    ),
}


def without_comments(source: str) -> str:
    tokens = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
    return tokens.sub(lambda m: m[0] if m[0].startswith('"') else "", source)


def declarations(source: str) -> Iterator[tuple[str, str]]:
    """Each declaration's head, and its body or nothing."""
    head, parens, at = "", 0, 0
    while at < len(source):
        char = source[at]
        if parens == 0 and char == "{":
            end = closing(source, at)
            yield head, source[at + 1 : end]
            head, at = "", end + 1
            continue
        line_ends = parens == 0 and char == "\n" and head.strip() not in ("", "public")
        if line_ends and not source[at:].lstrip().startswith("{"):
            yield head, ""
            head = ""
        parens += (char == "(") - (char == ")")
        head += char
        at += 1


def closing(source: str, at: int) -> int:
    depth = 0
    for end in range(at, len(source)):
        depth += (source[end] == "{") - (source[end] == "}")
        if depth == 0:
            return end
    raise ValueError("a brace is never closed")


def tidy(head: str) -> str:
    head = re.sub(r"\s+", " ", head.replace("`", "").replace("kotlin.", "")).strip()
    head = re.sub(r"^(@\w+\([^)]*\) ?)+", "", head)
    head = re.sub(r"(?<=\))(?=throws|async)", " ", head)
    return re.sub(r" (?=[,:()])|(?<=\() |[,;]$", "", head)


def surface(language: str, source: str, depth: int = 0) -> Iterator[str]:
    for head, body in declarations(source):
        line = tidy(head)
        if not DECLARATION[language].match(line) or MACHINERY.search(line):
            continue
        members = [] if re.search(r"\b(fun|func|var)\b", line) else list(surface(language, body, depth + 1))
        if line == "companion object" and not members:
            continue
        yield "    " * depth + line
        yield from members


def main() -> None:
    language, folder = sys.argv[1:]
    for file in sorted(pathlib.Path(folder).rglob("*.kt" if language == "kotlin" else "*.swift")):
        for line in surface(language, without_comments(file.read_text(encoding="utf-8"))):
            print(line)


main()
