#!/usr/bin/env python3
"""The examples of the documents are true: readme.py RETOUR SOURCE-FOLDER. In each ```console block, a line `$ command` is run
in the source folder, and what it prints must be what the block says."""
import re, subprocess, sys
from pathlib import Path

retour, root = sys.argv[1], Path(sys.argv[2])
problems, examples = [], 0
for path in [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]:
    for block in re.findall(r"^```console\n(.*?)^```", path.read_text(encoding="utf-8"), flags=re.M | re.S):
        for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, flags=re.M):
            examples += 1
            line = command.replace("build/release/retour", retour)
            run = subprocess.run(["sh", "-c", line], cwd=root, stdout=subprocess.PIPE)
            printed = run.stdout.decode("utf-8")
            if printed != expected:
                problems.append(f"{path.relative_to(root)}: $ {command}\nprints\n{printed}and the document says\n{expected}")

if not examples:
    problems.append("no example was found")
print("\n".join(problems), file=sys.stderr, end="")
sys.exit(bool(problems))
