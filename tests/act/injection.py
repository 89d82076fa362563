# SPDX-License-Identifier: BSD-2-Clause
"""Whatever stands in an address reaches a program and a file as data: injection.py PROGRAMS"""
import json
import pathlib
import sys
import tempfile

from scene import HOSTILE, Scene, check, finish

PROGRAMS = sys.argv[1]
WITNESS = """#!/bin/sh
# Writes down what it was given: each argument and its input, ended by NUL.
for word; do printf '%s\\0' "$word"; done >>"${0%/*}/words"
cat >>"${0%/*}/input"
"""

with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    witness = folder / "witness"
    witness.write_text(WITNESS)
    witness.chmod(0o755)

    # An argument may be anything.
    scene = Scene(PROGRAMS, folder, f"""Manager: words
Remove: run {witness} -a {{address}} "two words" 'a;b' $HOME

List: news
List-Id: news.example
Manager: words
""")
    scene.suppress(*HOSTILE)
    code, lines, errors = scene.act()
    words = (folder / "words").read_bytes().split(b"\0")[:-1]
    seen = [words[i:i + 5] for i in range(0, len(words), 5)]
    check("arguments", seen, [[b"-a", a.encode(), b"two words", b"a;b", b"$HOME"] for a in HOSTILE])
    check("arguments: exit", (code, errors), (0, ""))
    check("arguments: done", set(scene.states().values()), {"done"})

# A line carries what is one line and one word; the rest is left to a person, and said so.
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    witness = folder / "witness"
    witness.write_text(WITNESS)
    witness.chmod(0o755)
    scene = Scene(PROGRAMS, folder, f"""Manager: lines
Remove: run {witness} del
  {{address}}

List: news
List-Id: news.example
Manager: lines
""")
    scene.suppress(*HOSTILE)
    for day in range(1, 29):
        scene.act(f"2026-11-{day:02}")
    carried = [a for a in HOSTILE if not any(c in a for c in " \n\t\x7f") and a[0] != "#"]
    check("lines", (folder / "input").read_text().splitlines(), carried)
    check("lines: states", scene.states(), {a: "done" if a in carried else "refused" for a in HOSTILE})
    troubles = {row["trouble"] for row in scene.actions() if row["state"] == "refused"}
    check("lines: why", all("it must be done by hand" in trouble for trouble in troubles), True)

# A file of JSON lines carries all.
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    out = folder / "actions.json"
    # What a crash has cut off.
    out.write_text('{"key": "cut o')
    scene = Scene(PROGRAMS, folder, f"List: news\nList-Id: news.example\nManager: file\nTarget: {out}\n")
    scene.suppress(*HOSTILE)
    code, lines, errors = scene.act()
    rows = out.read_text().split("\n")
    check("file: what was cut off", rows[0], '{"key": "cut o')
    check("file: ends a line", rows[-1], "")
    rows = [json.loads(row) for row in rows[1:-1]]
    check("file", [row["address"] for row in rows], HOSTILE)
    check("file: keys", len({row["key"] for row in rows}), len(HOSTILE))
    check("file: the rest", {(row["action"], row["list"], tuple(row)) for row in rows},
          {("remove", "news", ("key", "action", "address", "list", "time", "grounds", "reason"))})
    # A disk that is full delays.
    scene.config.write_text(scene.config.read_text().replace(str(out), "/dev/full"))
    check("full: undo", scene.undo("it's@c.example").returncode, 0)
    code, lines, errors = scene.act("2026-11-02")
    check("full", (code, lines[0]["state"], "No space left" in lines[0]["trouble"]), (75, "waiting", True))
    scene.config.write_text(scene.config.read_text().replace("/dev/full", str(out)))
    code, lines, errors = scene.act("2026-11-03")
    check("room again", (code, [(row["action"], row["state"]) for row in lines]), (0, [("restore", "done")]))
finish()
