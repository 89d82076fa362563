# SPDX-License-Identifier: BSD-2-Clause
"""The settings in the documents are ones that retour takes: recipes.py PROGRAMS SOURCE-FOLDER"""
import pathlib
import re
import subprocess
import sys
import tempfile

programs, root = sys.argv[1], pathlib.Path(sys.argv[2])
tried, wrong = 0, 0
for path in (root / "docs/act.md", root / "docs/recipes/lists.md"):
    for block in re.findall(r"^```\n(.*?)^```", path.read_text(), flags=re.M | re.S):
        if not re.search(r"^Manager: ", block, flags=re.M):
            continue
        tried += 1
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder) / "retour.conf"
            # Ledger and sources are the reader's own.
            text = re.sub(r"^(Ledger|Source): .*\n\n?", "", block, flags=re.M)
            config.write_text(f"Ledger: {folder}/ledger.db\n\n{text}")
            done = subprocess.run([f"{programs}/retour-process", "--check", "--config", config], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True)
            names = re.findall(r"^Manager: (.*)", block, flags=re.M)
            lists = "List: " in block
            if done.returncode != 0 or done.stderr or lists and f"List manager {names[-1]}\n" not in done.stdout:
                wrong += 1
                print(f"{path.name}:\n{block}\n{done.stderr}{done.stdout}", file=sys.stderr)
sys.exit(1 if wrong or tried < 10 else 0)
