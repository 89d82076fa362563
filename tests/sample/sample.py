#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Samples of all mails below some folders: sample.py RETOUR SOURCE-FOLDER FOLDER...

They are judged as the originals in 99.5 % or more, and name nobody whom the originals name. Whom these name is found here by
Python's email package and plain expressions, which know nothing of how the program does it."""
import concurrent.futures
import email
import email.header
import email.utils
import html
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

retour, source, folders = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
if os.environ.get("RETOUR_CORPUS"):
    folders.append(os.environ["RETOUR_CORPUS"])
SHARE = 0.995

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,200}@(?:[\w-]+\.)+[^\W\d_][\w-]+")
HOST = re.compile(r"(?<![\w@.-])(?:[a-z0-9][a-z0-9_-]*\.)+[a-z]{2,}(?![\w-])", re.I)
V4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
WORD = re.compile(r"[^\W\d_]{4,}")
ADDRESS_FIELDS = ("from", "to", "cc", "reply-to", "sender", "resent-from", "resent-to", "resent-sender", "errors-to",
                  "disposition-notification-to", "x-display-name")
HOST_FIELDS = ("received", "reporting-mta", "remote-mta", "received-from-mta", "x-received")

# Words of mail systems and list managers, which name nobody.
ALLOWED = set("""
    mailer-daemon mailer_daemon postmaster mailer daemon mdaemon microsoftexchange microsoft exchange system delivery subsystem
    notification undisclosed recipients bounce bounces return owner request noreply no-reply donotreply abuse unsubscribe confirm
    localhost localdomain mail root via server service network unknown bulk support help news list lists newsletter news-bounces
    user admin double-bounce""".split())


def words_of_servers():
    """The words of the phrases, and the domains that rules and dialects name."""
    words, domains = set(), set()
    for name in ("phrases", "providers"):
        for line in (source / f"src/codes/data/{name}.tsv").read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            if len(cells) > 6 and not line.startswith("#"):
                words |= set(re.findall(r"[^\W\d_]+", cells[2].lower()))
                domains |= set(HOST.findall(" ".join((cells[2], cells[5])).lower().replace("|", " ")))
    domains |= set(HOST.findall((source / "src/report/data/dialects.conf").read_text(encoding="utf-8").lower()))
    marks = [line.split("\t") for line in (source / "src/report/data/marks.tsv").read_text(encoding="utf-8").splitlines()]
    words |= {w for cells in marks if len(cells) > 2 for w in re.findall(r"[^\W\d_]+", cells[2].lower())}
    return words, {d for d in domains if not d.endswith(".example")} | {"amazonaws.com", "amazonses.com"}


SERVER_WORDS, PROVIDERS = words_of_servers()
# What a sample itself writes for the first of them.
PLACEHOLDERS = {f"192.0.2.{i}" for i in range(1, 31)}


def decoded(value):
    try:
        return str(email.header.make_header(email.header.decode_header(str(value))))
    except (UnicodeError, LookupError, ValueError, email.errors.HeaderParseError):
        return str(value)


def texts_of(message, depth=0):
    """(field name or None, decoded text) of everything in the message."""
    for part in message.walk():
        for name, value in part.items():
            yield name.lower(), decoded(value)
        if part.is_multipart():
            continue
        try:
            content = part.get_payload(decode=True) or b""
        except (ValueError, AssertionError):
            content = b""
        charset = part.get_content_charset() or "utf-8"
        try:
            text = content.decode(charset, "replace")
        except (LookupError, UnicodeError):
            text = content.decode("latin-1")
        if part.get_content_type() == "text/html":
            text += html.unescape(text)
        yield None, text
        inner = part.get_content_type() in ("text/rfc822-headers", "message/rfc822", "message/delivery-status")
        if inner and depth < 3 and content:
            yield from texts_of(email.message_from_bytes(content), depth + 1)


def is_provider(domain):
    return any(domain == p or domain.endswith("." + p) for p in PROVIDERS)


def is_everybodys(host):
    """A provider's own server: "mx3.mail.qq.com"."""
    labels = next((host[:-len(p)] for p in sorted(PROVIDERS, key=len, reverse=True) if host == p or host.endswith("." + p)), "?")
    return all(re.fullmatch(r"(mx|mail|smtp|www|mta|relay|out|in|imap|pop|mout|go|support|postmaster)?[0-9-]*", label)
               for label in labels.rstrip(".").split("."))


class Named:
    """Whom a mail names."""

    def __init__(self, raw):
        self.addresses, self.locals, self.names, self.hosts, self.numbers = set(), set(), set(), set(), set()
        for field, text in texts_of(email.message_from_bytes(raw)):
            for address in ADDRESS.findall(text):
                self.add_address(address.lower().strip("'`*"))
            if field in ADDRESS_FIELDS:
                # Nested groups take the parser's stack; a list of addresses has few colons.
                for name, _ in email.utils.getaddresses([text]) if text.count(":") < 100 else ():
                    if "@" not in name:
                        self.names |= {w.lower() for w in WORD.findall(name)}
            if field in HOST_FIELDS:
                self.hosts |= {h.lower() for h in HOST.findall(text)}
                self.numbers |= set(V4.findall(text))
        self.hosts = {h for h in self.hosts if not h.endswith((".localdomain", ".invalid", ".localhost")) and
                      not is_everybodys(h) and not all(l in SERVER_WORDS for l in h.split("."))}
        for words in (self.names, self.locals):
            words -= SERVER_WORDS | ALLOWED
            # Filler is made of these.
            words -= {w for w in words if set(w) <= set("x0")}
        self.numbers = {n for n in self.numbers if max(map(int, n.split("."))) < 256 and n not in PLACEHOLDERS}

    def add_address(self, address):
        local, _, domain = address.rpartition("@")
        local = re.sub(r"^[\w.-]+=(?=postmaster$|mailer-daemon$)", "", local)
        if domain.endswith((".invalid", ".localdomain", ".localhost")):
            return
        if not is_provider(domain):
            self.hosts.add(domain)
        if local in ALLOWED or local.startswith("microsoftexchange"):
            return
        self.addresses.add(address)
        if len(local) >= 4 and re.search(r"[^\W\d_]", local):
            self.locals.add(local)


def leaks(named, raw, decoded_too):
    parts = [raw.decode("latin-1")] + [text for _, text in texts_of(email.message_from_bytes(raw))] if decoded_too else []
    text = "\n".join(parts + [raw.decode("utf-8", "replace")]).lower()
    found = []
    for address in named.addresses:
        local, _, domain = address.rpartition("@")
        if address in text or (not is_provider(domain) and f"{local}={domain}" in text):
            found.append(("address", address))
    words = set(re.findall(r"[^\W_]+", text))
    for kind, names in (("local part", named.locals), ("name", named.names)):
        for name in names:
            # A word that is none in the text cannot stand there as part of a longer name.
            if set(re.findall(r"[^\W_]+", name)) <= words and \
                    re.search(rf"(?<![\w.=-]){re.escape(name)}(?![\w=-]|\.\w)", text):
                found.append((kind, name))
    for host in named.hosts:
        if host in text and re.search(rf"(?<![\w.-]){re.escape(host)}(?![\w-])", text):
            found.append(("host", host))
    for number in named.numbers:
        if number in text and re.search(rf"(?<![\w.]){re.escape(number)}(?![\w.])", text):
            found.append(("IP address", number))
    return found


def verdict(record):
    return record["kind"], [(r["class"], r["reason"]) for r in record.get("recipients", [])]


def records(paths):
    out = subprocess.run([retour, "read", "--message", "--format", "json", "--files-from", "-"], input="\n".join(map(str, paths)).encode(),
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return {r["source"]["name"]: r for r in map(json.loads, out.splitlines())}


def make(pair):
    path, place = pair
    run = subprocess.run([retour, "sample", "--anonymize", "--force", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    place.write_bytes(run.stdout)
    return run.returncode, run.stderr.decode("utf-8", "replace")


mails = sorted(p for folder in folders for p in pathlib.Path(folder).rglob("*") if p.is_file() and
               (p.suffix == ".eml" or p.parent.name == "mail"))
scratch = tempfile.TemporaryDirectory()
work = pathlib.Path(os.environ.get("RETOUR_SAMPLES") or scratch.name)
places = [work / f"{i:05}.eml" for i in range(len(mails))]
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    results = list(pool.map(make, zip(mails, places)))
before, after = records(mails), records(places)
faults, readable, same, left, kept, refused = [], 0, 0, 0, 0, 0
for path, place, (code, told) in zip(mails, places, results):
    if before[str(path)]["kind"] == "unreadable" and code == 66:
        continue
    readable += 1
    kept += "the words of the returned message stay" in told
    good = verdict(before[str(path)]) == verdict(after[str(place)])
    same += good
    refused += code != 0
    if code not in (0, 1) or (good and code == 1 and "is left" not in told) or (not good and code == 0):
        faults.append(f"{path}: ends with {code}: {told}")
    if not good:
        print(f"{path}: {verdict(before[str(path)])} became {verdict(after[str(place)])}")
    # What the program itself has told to be left is not given away.
    found = leaks(Named(path.read_bytes()), place.read_bytes(), True) if code == 0 else []
    if found:
        left += 1
        faults.append(f"{path}: left: {found[:6]}")
for fault in faults:
    print(fault)
print(f"{readable} samples: {same} judged as the original, {refused} refused, {kept} with the words of the returned message, {left} name somebody")
sys.exit(1 if faults or not readable or same < SHARE * readable or refused > (1 - SHARE) * readable else 0)
