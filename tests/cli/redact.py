#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""No address is left in any output with --redact: redact.py RETOUR FIXTURES SCHEMA

What is an address is told here by a plain expression, which knows nothing of how the program finds them."""
import json
import os
import re
import subprocess
import sys
import tempfile

retour, fixtures, schema = sys.argv[1:4]
folder = tempfile.mkdtemp()
keys = os.path.join(folder, "keys")
subprocess.run([retour, "verp", "rotate", "--keys", keys], check=True)

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[\w-]+\.)*[\w-]+")
REDACTED = {"mask": re.compile(r"[A-Za-z0-9]?\*\*\*@.*"), "hash": re.compile(r"[0-9a-f]{32}@redacted\.invalid"), "drop": re.compile(r"(?!)")}
OWN = re.compile(r"MAILER-DAEMON@retour\.invalid")
FORMATS = ["json", "recipients", "csv", "tsv", "table", "headers", "shell", "dsn"]
faults = []
count = 0


def run(*arguments, mail=None):
    result = subprocess.run([retour, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, input=mail)
    return result.stdout.decode("utf-8")


def options(mode):
    return ["--redact", mode, *(["--redact-key", keys] if mode == "hash" else [])]


def check(name, good, more=""):
    global count
    count += 1
    if not good:
        faults.append(f"{name}: {more}")


def strings(value):
    if isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


def forms(address):
    local, _, domain = address.lower().rpartition("@")
    return {f"{local}{sign}{domain}" for sign in ("@", "=", "%40", "+40", "=40", "&#64;", "\\x{40}")}


def mails():
    for family in sorted(os.listdir(fixtures)):
        path = os.path.join(fixtures, family)
        if os.path.isdir(path):
            yield from (os.path.join(path, name) for name in sorted(os.listdir(path)) if name.endswith(".eml"))


def identifiers(record):
    """They have the form of addresses. One that is as it was holds none that is known; one that was changed is looked at."""
    return {i.strip("<>") for i in (record.get("message", {}).get("id"), record.get("original", {}).get("message_id")) if i}


def check_text(name, mode, text, known, unchanged=()):
    plain = text
    for identifier in unchanged:
        plain = plain.replace(identifier, "")
    for found in ADDRESS.findall(OWN.sub("", plain)):
        bare = re.sub(r"^(RETOUR_\w+='|\S*[/=](?=[^/=]+@))", "", found).strip("'`.")
        check(name, REDACTED[mode].fullmatch(bare), f"holds {found}")
    lower = text.lower()
    for form in known:
        check(name, form not in lower, f"holds {form}")


paths = list(mails())
plain = [json.loads(line) for line in run("read", "--format", "json", "--explain", *paths).splitlines()]
known_of, ids = [], set()
for record in plain:
    own = identifiers(record)
    told = {a for s in strings({k: v for k, v in record.items() if k != "source"}) for a in ADDRESS.findall(s)}
    known_of.append(set().union(*[forms(a) for a in told if not any(a in i or i in a for i in own)]))
    ids |= own

for mode in REDACTED:
    records = [json.loads(line) for line in run("read", "--format", "json", "--explain", *options(mode), *paths).splitlines()]
    check(mode, len(records) == len(plain), "another number of records")
    for path, before, after, known in zip(paths, plain, records, known_of):
        check_text(f"{mode} json {path}", mode, json.dumps(after, ensure_ascii=False), known, identifiers(before))
        # What is judged, and where it stands in the mail, is told as before.
        for one, other in zip(before.get("recipients", []), after.get("recipients", [])):
            for key in ("class", "reason", "fault", "advice", "confidence", "status", "reply", "action", "command", "read_by"):
                check(f"{mode} {path}", one.get(key) == other.get(key), f"{key} is another")
            places = [[(b["rule"], b.get("part"), b.get("offset")) for b in r.get("because", [])] for r in (one, other)]
            check(f"{mode} {path}", places[0] == places[1], "its evidence is another")
            check(f"{mode} {path}", one["key"] != other["key"], "its key is told")
    for form in FORMATS:
        check_text(f"{mode} {form}", mode, run("read", "--format", form, *options(mode), *paths), set(), ids)
    with open(schema, encoding="utf-8") as file:
        try:
            import jsonschema
            validator = jsonschema.Draft202012Validator(json.load(file))
            for path, record in zip(paths, records):
                check(f"{mode} {path}", validator.is_valid(record), "the schema refuses it")
        except ImportError:
            pass

# The same address has the same hash in every mail, and another key gives another one.
first = json.loads(run("read", *options("hash"), paths[0]))["recipients"][0]["address"]
check("hash", first == json.loads(run("read", *options("hash"), paths[0]))["recipients"][0]["address"], "it changes")
subprocess.run([retour, "verp", "rotate", "--keys", keys], check=True)
check("hash", first != json.loads(run("read", *options("hash"), paths[0]))["recipients"][0]["address"], "the key does not count")

bounce = open(os.path.join(fixtures, "postfix/y-local-user-unknown.eml"), "rb").read()
every = re.findall(r"^  ([a-z -]+)$", run("print", "--help"), re.M)
fields = " ".join(every).split()
fields = [f for f in fields if f not in ("message-id", "original-message-id", "retour")]
for mode in REDACTED:
    for field in fields:
        check_text(f"{mode} print {field}", mode, run("print", field, *options(mode), mail=bounce), known_of[paths.index(os.path.join(fixtures, "postfix/y-local-user-unknown.eml"))])
    check_text(f"{mode} explain", mode, run("explain", *options(mode), os.path.join(fixtures, "postfix/y-local-user-unknown.eml")), set(), ids)
check("print", len(fields) > 30, "its fields were not found")
check("print", run("print", "address", "--redact", "mask", mail=bounce).startswith("n***@"), "print shows the address")

# A name of a file may be an address as well.
place = os.path.join(folder, "nora@mill.example.eml")
with open(place, "wb") as file:
    file.write(bounce)
check_text("the name of a file", "mask", run("read", "--redact", "mask", place), {"nora@mill.example"}, ids)

def code(*arguments):
    return subprocess.run([retour, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)

for wrong, told in [(["--redact", "blur"], "mask, hash or drop"), (["--redact-key", keys], "--redact hash"),
                    (["--redact", "mask", "--redact-key", keys], "--redact hash"),
                    (["--redact", "hash", "--redact-key", folder + "/none"], "retour verp rotate")]:
    result = code("read", *wrong, place)
    check(" ".join(wrong), result.returncode == 64 and told in result.stderr.decode(), f"{result.returncode} {result.stderr}")

for fault in faults[:40]:
    print(fault, file=sys.stderr)
print(f"{count} checks, {len(faults)} faults")
sys.exit(1 if faults or count < 1000 else 0)
