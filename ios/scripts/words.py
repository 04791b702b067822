#!/usr/bin/env python3
"""words.py [--check]   says where the two phones say the same thing in different words.

A word goes by its key: `save`, `left(` where something is put in, `bar(paused` for one case. What both shells have under one
key must be the same text in the same language; where a screen of one phone needs another text, it has another key. Compared
are constants, functions of one text, and cases of one text, with what is put in blanked out.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ANDROID = ROOT / "android/ui/src/commonMain/kotlin/guidebook/ui/words"
IOS = ROOT / "ios/Sources/Guidebook/Words"
LANGUAGES = {"zh": "Zh", "en": "En"}
LEAST = 150  # a reader that finds next to nothing must not pass
# Android names the field in the sentence, iOS stands under the field.
UNLIKE = {"invalid"}

TEXT = r'"(?:[^"\\\n]|\\.)*"'
ALONE = rf"{TEXT}(?:\s*\+\s*{TEXT})*"
KOTLIN = {
    "member": r"^    (?:override |private )+(?:val|fun) (\w+\(?)",
    "value": rf"[^=]*=\s*({ALONE})\s*",
    "case": rf"(?:is )?\w+\.(\w+) -> ({TEXT})\n",
    "put in": r"\$\{(?:[^{}]|\{[^{}]*\})*\}|\$\w+",
}
SWIFT = {
    "member": r"^    (?:public )?(?:private )?(?:static )?(?:let|var|func) (\w+\(?)",
    "value": rf"(?:[^={{]*=|[^{{]*\{{)\s*({ALONE})\s*\}}?\s*",
    "case": rf"case \.(\w+)(?:\([^:]*\))?: (?:return )?({TEXT})\n",
    "put in": r"\\\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)",
}


def plain(text, shape):
    """`"On " + "$day"` is `On {}`."""
    joined = "".join(part[1:-1] for part in re.findall(TEXT, text))
    return re.sub(shape["put in"], "{}", joined).replace('\\"', '"')


def words(files, shape):
    found = {}
    for file in files:
        # A member ends where the next begins.
        parts = re.split(shape["member"], file.read_text(), flags=re.M)
        for name, body in zip(parts[1::2], parts[2::2]):
            # What is said of the next one, or what closes the file.
            body = re.sub(r"(?:\n+\}\s*\Z|\n\s*(?:///|//).*)", "\n", body)
            value = re.fullmatch(shape["value"], body)
            if value:
                found[name] = plain(value[1], shape)
            for case, text in re.findall(shape["case"], body):
                found[f"{name}{case[0].lower()}{case[1:]}"] = plain(text, shape)
    return found


def main():
    said = []
    for language, suffix in LANGUAGES.items():
        android = words([ANDROID / f"Words{suffix}.kt", ANDROID / f"CouponWords{suffix}.kt"], KOTLIN)
        ios = words([IOS / f"Words{suffix}.swift", IOS / f"CouponWords{suffix}.swift"], SWIFT)
        both = [key for key in android if key in ios and key.split("(")[0] not in UNLIKE]
        said += [
            f"words.py: {language} {key}\n  Android {android[key]}\n  iOS     {ios[key]}" for key in both if android[key] != ios[key]
        ]
        if len(both) < LEAST:
            said.append(f"words.py: only {len(both)} keys of {language} are read on both sides")
        if "--check" not in sys.argv:
            print(f"words.py: {language}: {len(both)} keys on both sides")
    if said:
        sys.exit("\n".join(said))


main()
