# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of list managers share: settings, a ledger that already holds decisions, and runs over its outbox."""
import json
import os
import pathlib
import sqlite3
import subprocess
import sys

# Addresses that would do harm where they are taken for anything but data.
HOSTILE = [
    "a b@c.example", '"quo\\"ted"@c.example', "it's@c.example", "new\nline@c.example", "tab\t@c.example", "-x@c.example",
    "--help@c.example", "semi;reboot@c.example", "$(touch PWNED)@c.example", "`touch PWNED`@c.example", "a&b=c@c.example",
    "a|b>c<d@c.example", "per%0acent@c.example", "plus+@c.example", "q?x#y@c.example", "back\\slash@c.example", "#hash@c.example",
    "{key}@c.example", "ünï@cödé.example", '","admin":true,"x":"@c.example', "../../etc/x@c.example", "a\x7fb@c.example",
]

failed = []


def check(name, got, wanted):
    if got != wanted:
        failed.append(name)
        print(f"{name}\n  got:    {repr(got)[:800]}\n  wanted: {repr(wanted)[:800]}", file=sys.stderr)


def finish():
    sys.exit(1 if failed else 0)


class Scene:
    """A ledger and settings in a folder."""

    def __init__(self, programs, folder, settings):
        self.programs, self.folder = programs, pathlib.Path(folder)
        self.ledger = self.folder / "ledger.db"
        self.config = self.folder / "retour.conf"
        self.config.write_text(f"Ledger: {self.ledger}\n\n{settings}")

    def run(self, word, *arguments, **options):
        # No proxy of the machine stands between a test and its server.
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        done = subprocess.run([f"{self.programs}/retour-{word[0]}", *word[1:], "--config", self.config, *arguments], env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=300, **options)
        return done

    def suppress(self, *addresses, now="2026-11-01"):
        """Whatever these are, as if they had bounced."""
        plain = [f"hostile-{n}@c.example" for n in range(len(addresses))]
        rows = "\n".join(plain) + "\n"
        done = self.run(("ledger", "import"), "--now", now, input=rows)
        assert done.returncode == 0, done.stderr
        with sqlite3.connect(self.ledger) as db:
            for old, new in zip(plain, addresses):
                db.execute("UPDATE address SET key = ?, address = ? WHERE key = ?", (new.lower(), new, old))

    def act(self, now="2026-11-01", *arguments):
        """(exit status, the lines of JSON, standard error)"""
        done = self.run(("act",), "--now", now, *arguments)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    def actions(self, *arguments):
        done = self.run(("ledger", "actions"), "--format", "json", "--all", *arguments)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def states(self):
        return {row["address"]: row["state"] for row in self.actions()}

    def undo(self, address, now="2026-11-02"):
        return self.run(("ledger", "undo"), "--address", address, "--now", now)
