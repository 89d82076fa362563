#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Every string of a report or verdict that a mail may fill is redacted or dropped, or is named here as our own word: redaction.py FOLDER"""
import re
import sys
from pathlib import Path

root = Path(sys.argv[1])
# Words of ours, of the rules, or of the form of the mail.
OWN = {("RetourEvidence", "part"), ("RetourCandidate", "from"), ("RetourRecipient", "read_by"), ("RetourRecipient", "key"),
       ("RetourReport", "type"), ("RetourBecause", "rule"), ("RetourBecause", "part"),
       ("RetourGround", "word")}
code = (root / "src/redact/redact-record.c").read_text()
faults = []
count = 0
for header in ("report", "classify", "authenticity"):
    text = (root / f"include/retour/{header}.h").read_text()
    for body, struct in re.findall(r"^typedef struct \{\n(.*?)^\} (\w+);", text, re.M | re.S):
        for names in re.findall(r"^\tconst char ((?:\**\w+(?:, )?)+);", body, re.M):
            for name in re.findall(r"\w+", names):
                count += 1
                owner, member = ("RetourReport", f"original.{name}") if struct == "RetourOriginal" else (struct, name)
                listed = re.search(rf"MEMBER\({owner}, {re.escape(member)},", code)
                is_list = re.search(rf"->{re.escape(member)} = redact_list\(", code)
                dropped = re.search(rf"->{re.escape(member)} = NULL;", code)
                if (struct, name) not in OWN and not listed and not is_list and not dropped:
                    faults.append(f"{struct}.{name} is not redacted")
for fault in faults:
    print(f"src/redact/redact-record.c: {fault}", file=sys.stderr)
sys.exit(1 if faults or count < 30 else 0)
