#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Damaged mails give one valid record each: mutations.py RETOUR SCHEMA N SEED FOLDER...

Damages N mails made of those below the folders, or, where N is 0, takes these as they are; each has one record, which the schema
accepts. The same seed makes the same mails. With RETOUR_CORPUS=FOLDER in the environment, those below it are damaged as well."""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

retour, schema, n, seed, folders = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:]
if os.environ.get("RETOUR_CORPUS"):
    folders.append(os.environ["RETOUR_CORPUS"])
BATCH = 500
WORDS = [b"\0", b"\r", b"\n", b"\r\n\r\n", b"--", b"=?utf-8?B?", b"?=", b"\xff\xfe", b"\x1b$B", b"Content-Type: multipart/mixed; boundary=\n",
         b"Content-Type: message/rfc822\n\n", b"Content-Transfer-Encoding: base64\n", b"<", b">", b"@", b"\"", b"(" * 200, b":" * 200,
         b"550 5.1.1 ", b"Status: 5.1.1\n", b"Final-Recipient: rfc822;", b"&#x110000;", b"a" * 5000, b"\xe2\x80\xae", b"From x\n"]


def lines_of(mail):
    return mail.splitlines(keepends=True) or [b""]


def damage(mail, other, rng):
    """One way out of many to damage a mail."""
    lines, at, to = lines_of(mail), rng.randrange(len(mail) + 1), rng.randrange(len(mail) + 1)
    line = rng.randrange(len(lines))
    return rng.choice((
        lambda: mail[:at],
        lambda: mail[at:],
        lambda: mail[:min(at, to)] + mail[max(at, to):],
        lambda: mail[:at] + bytes(rng.randrange(256) for _ in range(rng.randrange(1, 9))) + mail[at + rng.randrange(9):],
        lambda: mail[:at] + rng.choice(WORDS) + mail[at:],
        lambda: mail[:at] + other[to:],
        lambda: b"".join(lines[:line] + lines[line + 1:]),
        lambda: b"".join(lines[:line] + lines[line:line + 1] * rng.randrange(2, 40) + lines[line + 1:]),
        lambda: b"".join(lines[:line] + rng.sample(lines[line:line + 12], len(lines[line:line + 12])) + lines[line + 12:]),
        lambda: mail.replace(b"\r\n", b"\n").replace(b"\n", rng.choice((b"\r\n", b"\r", b"\r\r\n"))),
        lambda: mail.replace(b"\n\n", b"\n"),
        lambda: mail.swapcase(),
        lambda: mail.replace(b": ", rng.choice((b":", b":\n ", b" : ", b":\n"))),
        lambda: bytes(b ^ (rng.random() < 0.002) * rng.randrange(256) for b in mail),
        lambda: b"".join(lines[:line] + lines_of(other)[rng.randrange(len(lines_of(other))):]),
    ))()


def damaged(mails, rng):
    mail = rng.choice(mails)
    for _ in range(rng.randrange(1, 5)):
        mail = damage(mail, rng.choice(mails), rng)
    return mail[:1 << 20]


def check(paths, validator):
    run = subprocess.run([retour, "read", "--message", "--explain", "--format", "json", "--files-from", "-"], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, input="".join(f"{p}\n" for p in paths).encode())
    records = [json.loads(line) for line in run.stdout.decode("utf-8").splitlines()]
    faults = [] if run.returncode == 0 else [f"retour ends with {run.returncode}: {run.stderr.decode('utf-8', 'replace')[-2000:]}"]
    if [r["source"]["name"] for r in records] != list(map(str, paths)):
        faults.append(f"{len(records)} records of {len(paths)} mails, {paths[0]} being the first")
    for record in records:
        # A worker that died would have its mail recorded so.
        if record.get("error") not in (None, "the input is empty", "neither headers nor text"):
            faults.append(f"{record['source']['name']}: {record['error']}: {run.stderr.decode('utf-8', 'replace')[-2000:]}")
        faults += [f"{record['source']['name']}: {e.message[:200]}" for e in validator.iter_errors(record)]
    return len(records), faults


with open(schema, encoding="utf-8") as file:
    validator = jsonschema.Draft202012Validator(json.load(file))
originals = sorted(p for folder in folders for p in pathlib.Path(folder).rglob("*") if p.is_file() and
                   (n == 0 or p.suffix == ".eml" or p.parent.name == "mail") and p.suffix not in (".json", ".jsonl", ".tsv", ".md"))
mails = [p.read_bytes() for p in originals] if n else []
rng = random.Random(seed)
done, wrong = 0, 0
with tempfile.TemporaryDirectory() as work:
    for start in range(0, n or len(originals), BATCH):
        if n:
            paths = [pathlib.Path(work) / f"{i:06}.eml" for i in range(start, min(start + BATCH, n))]
            for path in paths:
                path.write_bytes(damaged(mails, rng))
        else:
            paths = originals[start:start + BATCH]
        count, faults = check(paths, validator)
        done += count
        wrong += len(faults)
        for fault in faults[:20]:
            print(fault)
        if faults and n:
            kept = pathlib.Path(tempfile.mkdtemp(prefix="retour-mutations-"))
            for path in paths:
                path.rename(kept / path.name)
            print(f"the mails are in {kept}")
            break
print(f"{done} records, {wrong} faults")
sys.exit(1 if wrong or not done else 0)
