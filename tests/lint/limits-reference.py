#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""docs/limits.md holds every limit of src/base/limits.h with its value, its word and its test: limits-reference.py FOLDER"""
import re
import sys
from pathlib import Path

UNITS = {"": 1, "KB": 1024, "MB": 1024 * 1024}


def constants(folder):
    text = (folder / "src/base/limits.h").read_text()
    return {name: eval(re.sub(r"\b(\d+)u\b", r"\1", value))
            for name, value in re.findall(r"^#define RETOUR_LIMIT_(\w+) ([\d\su*()]+)$", text, re.M)}


def rows(folder):
    for line in (folder / "docs/limits.md").read_text().splitlines():
        row = re.fullmatch(r"\| `([A-Z_]+)` \| ([\d,]+) ?(KB|MB|) \| .+ \| (?:`([a-z-]+)`)? ?\| \[.+\]\(\.\./(.+)\) \|", line)
        if row:
            yield row[1], int(row[2].replace(",", "")) * UNITS[row[3]], row[4], row[5]


def faults(folder):
    limits, words = constants(folder), set()
    for name, value, word, test in rows(folder):
        if limits.pop(name, None) != value:
            yield f"{name} is not {value} in src/base/limits.h, or stands twice"
        words.add(word)
        path = folder / test
        if not path.is_file() or not re.search(rf"\bRETOUR_LIMIT_{name}\b", path.read_text()):
            yield f"{test} does not try {name}"
    for name in limits:
        yield f"{name} is missing"
    told = re.search(r"^\| `limits` \|.*", (folder / "docs/record.md").read_text(), re.M)[0]
    for word in set(re.findall(r"`([a-z]+-cut)`", told)) ^ (words - {None}):
        yield f"{word}: docs/record.md and docs/limits.md do not agree"


if __name__ == "__main__":
    found = list(faults(Path(sys.argv[1])))
    for fault in found:
        print(f"docs/limits.md: {fault}", file=sys.stderr)
    sys.exit(1 if found else 0)
