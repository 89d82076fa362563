# SPDX-License-Identifier: BSD-2-Clause
"""Attacks on a living member under the default policy, by what the site knows of its own mail: attacks.py PROGRAMS

Each attack is a number of mails with dates. None may suppress the victim, nor, where a stranger wrote it, put mail to him on hold. What a
site cannot defend is here as well, as docs/authentic.md tells it.
"""

import email.utils
import json
import os
import subprocess
import sys
import tempfile

DAY = 86400
START = 1793491200  # Sunday, 2026-11-01
VICTIM, EVE = "victim@one.example", "eve@evil.example"
FORM = "news-bounces+{token}-{local}={domain}@list.example"
OTHER_FORM = "chat-bounces+{token}-{local}={domain}@list.example"

GROUP = """
Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.{domain}
Diagnostic-Code: smtp; {text}
"""

MAIL = """Return-Path: <>
From: MAILER-DAEMON@{reporter}
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{notice}@{reporter}>
Date: {date}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It is about a mail of yours.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; {reporter}
{groups}
--b
Content-Type: text/rfc822-headers

{trace}{returned}From: news@list.example
{message_id}
--b--
"""

OURS = "Received: from app by out.list.example with ESMTP id 1; Sun, 1 Nov 2026 00:00:00 +0000\n"


def group(address, good=False):
    text = "250 2.0.0 Ok" if good else "550 5.1.1 User unknown"
    return GROUP.format(address=address, domain=address.split("@")[1], text=text,
                        action="delivered" if good else "failed", status="2.0.0" if good else "5.1.1")


def mail(day, number=0, to="news-bounces@list.example", reporter="mx.list.example", groups=None, message_id=None, trace="",
         returned=""):
    """A bounce of that day; @message_id: of the returned message, "" for none."""
    if message_id is None:
        message_id = "made-up-%d@evil.example" % number
    return day, MAIL.format(to=to, reporter=reporter, notice="n%s-%d" % (day, number), groups=groups or group(VICTIM), trace=trace,
                            returned=returned, date=email.utils.formatdate(START + day * DAY + 36000),
                            message_id="Message-ID: <%s>\n" % message_id if message_id else "")


WEEKS = (10, 12, 14, 16, 18, 20, 22, 24, 26, 28)


def weeks(**how):
    """Ten of them, from many hosts, over weeks."""
    return [mail(day, i, reporter="mx%d.host%d.example" % (i, i), **how) for i, day in enumerate(WEEKS)]


class Site:
    """A ledger and what is known of the site's own mail."""

    def __init__(self, programs, tmp):
        self.programs, self.tmp = programs, tmp
        self.keys, self.theirs, self.sent = (os.path.join(tmp, name) for name in ("keys", "theirs", "sent"))
        for path in (self.keys, self.theirs):
            subprocess.run([programs + "/retour", "verp", "rotate", "--keys", path], check=True)
        with open(self.sent, "w") as file:
            for i in range(10):
                file.write("<unique-%d@list.example> %s\n<shared-%d@list.example>\n" % (i, VICTIM, i))

    def sign(self, address, day, keys=None, form=FORM, days=30):
        command = [self.programs + "/retour", "verp", "encode", "--keys", keys or self.keys, "--now", "@%d" % (START + day * DAY),
                   "--days", str(days)]
        return subprocess.run(command + (["--verp", form] if form else []) + [address], check=True, stdout=subprocess.PIPE,
                              text=True).stdout.strip()

    def settings(self, knowledge):
        source, known = "", ""
        for fact in knowledge:
            known += {"ids": "Message-ID: *@list.example\n", "hosts": "Own host: *.list.example\n",
                      "sent": "Sent: %s\n" % self.sent}.get(fact, "")
            source += {"keys": "Return path: %s\nKeys: %s\n" % (FORM, self.keys)}.get(fact, "")
        return known, source

    def run(self, name, knowledge, mails, policy="default"):
        """The decisions over the victim, one a mail, each read on its day."""
        folder = os.path.join(self.tmp, name.replace(" ", "-").replace("'", ""))
        known, source = self.settings(knowledge)
        for part in ("new", "cur", "tmp"):
            os.makedirs(folder + "/mail/" + part, exist_ok=True)
        with open(folder + "/conf", "w") as file:
            file.write("Ledger: %s/l.db\nPolicy: %s\n%s\nSource: %s/mail\nFile: cur\nOther: cur\n%s" % (folder, policy, known, folder,
                                                                                                     source))
        decisions = []
        for i, (day, text) in enumerate(mails):
            with open("%s/mail/new/%d" % (folder, i), "w") as file:
                file.write(text)
            now = ["--now", "@%d" % (START + day * DAY + 43200)]
            out = subprocess.run([self.programs + "/retour-process", "--config", folder + "/conf", "--jobs", "1"] + now, check=True,
                                 stdout=subprocess.PIPE, text=True).stdout
            for line in map(json.loads, out.splitlines()):
                if line.get("address") == VICTIM:
                    decisions.append(line["decision"])
        return decisions


def attacks(site):
    """name, what is known, mails, what may be decided at worst, in order"""
    held = ["probation"]
    token = site.sign(VICTIM, 9)
    genuine = dict(to=token, message_id="unique-0@list.example", trace=OURS)
    doubled = group(VICTIM) + group(VICTIM.upper())
    old = site.sign(VICTIM, -25, days=7)
    cut = token.replace(token.split("+")[1].split("-")[0], token.split("+")[1].split("-")[0][:-1])
    every = ("keys", "ids", "hosts", "sent")
    for known in ("keys",), ("ids",), ("hosts",), ("sent",), every:
        where = ", with " + " ".join(known)
        yield "forged notice" + where, known, [mail(10)], []
        yield "ten forged notices from many hosts over weeks" + where, known, weeks(message_id=None if known != ("hosts",) else ""), []
        yield "the same without a returned message" + where, known, weeks(message_id=""), []
        yield "doubled groups" + where, known, weeks(groups=doubled, message_id=""), []
        yield "an attacker's returned message" + where, known, weeks(trace="Received: from a by mx.evil.example; x\n",
                                                                     returned="Return-Path: <%s>\n" % site.sign(EVE, 9)), []
    signed = ("keys",)
    yield "stolen old signature", signed, weeks(to=old), []
    yield "truncated signature", signed, weeks(to=cut), []
    yield "another list's token", signed, weeks(to=site.sign(VICTIM, 9, form=OTHER_FORM).replace("chat", "news")), []
    yield "signature of another site", signed, weeks(to=site.sign(VICTIM, 9, keys=site.theirs)), []
    yield "BATV of another site", signed, weeks(to=site.sign("news@list.example", 9, keys=site.theirs, form=None)), []
    yield "a bounce for a co-recipient", signed, weeks(to=site.sign(EVE, 9, days=60), groups=group(EVE) + group(VICTIM)), []
    yield "Message-IDs of others", ("sent",), weeks(message_id="unique-0@list.example", groups=group(EVE) + group("bob@two.example")), []
    works = mail(5, groups=group(VICTIM, good=True), **dict(genuine, message_id="unique-9@list.example"))
    yield ("replayed genuine bounce", every, [works] + [mail(day, i, **genuine) for i, day in enumerate(WEEKS)], held + ["keep"])
    yield ("replayed in another case", every, [works] + [mail(day, i, **dict(genuine, to=token.upper() if i % 2 else token))
                                                         for i, day in enumerate(WEEKS)], held + ["keep"])


def genuines(site):
    """name, what is known, mails, the last decision"""
    def signed(day, number=0):
        return mail(day, number, to=site.sign(VICTIM, day), message_id="unique-%d@list.example" % number, trace=OURS)
    good = mail(5, groups=group(VICTIM, good=True), to=site.sign(VICTIM, 5), message_id="unique-9@list.example")
    yield "a genuine signed bounce, at once", ("keys",), [signed(10)], ["suppress"]
    yield "its Message-ID was sent to the recipient alone", ("sent",), [mail(10, message_id="unique-1@list.example")], ["suppress"]
    yield "of an address that has worked, at the second, a day later", ("keys",), [good, signed(10), signed(12, 1)], ["probation",
                                                                                                                    "suppress"]
    yield "of an address that has worked, not on the same day", ("keys",), [good, signed(10), signed(10, 1)], ["probation"]
    yield "plausible ones, over days and messages", ("ids",), [mail(day, i, message_id="a%d@list.example" % i) for i, day in
                                                              enumerate((10, 18, 26))], ["probation", "keep", "probation", "suppress"]
    # What cannot be defended.
    yield "nothing is known, and it is forged again and again", (), weeks()[:5], ["probation", "suppress"]
    yield "a reader of the mail, who has the Message-IDs", ("ids",), [
        mail(day, i, message_id="shared-%d@list.example" % i) for i, day in enumerate((10, 14, 18))], ["probation", "suppress"]


def same(got, wanted):
    """The first of them; "keep" in between comes and goes with the days."""
    return [d for d in got if d != "keep"] == [d for d in wanted if d != "keep"]


def main():
    wrong = 0
    with tempfile.TemporaryDirectory() as tmp:
        site = Site(sys.argv[1], tmp)
        for name, known, mails, worst in attacks(site):
            got = site.run(name, known, mails)
            if "suppress" in got or any(d not in worst for d in got):
                wrong += 1
                print("%s: %s" % (name, got), file=sys.stderr)
        for name, known, mails, wanted in genuines(site):
            got = site.run(name, known, mails)
            if not same(got, wanted):
                wrong += 1
                print("%s: %s, not %s" % (name, got, wanted), file=sys.stderr)
    return 1 if wrong else 0


sys.exit(main())
