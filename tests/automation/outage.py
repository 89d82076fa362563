# SPDX-License-Identifier: BSD-2-Clause
"""The outage guard: outage.py PROGRAMS [ADDRESSES]

A provider calls living addresses dead for two hours: nobody is suppressed, the operator is told once, and undo restores every one. And the
ordinary rise after the first mailing to an old list, which is held up for no longer than the policy says.
"""

import email.utils
import json
import os
import subprocess
import sys
import tempfile

DAY = 86400
START = 1793491200  # Sunday, 2026-11-01

MAIL = """Return-Path: <>
From: MAILER-DAEMON@mx.list.example
To: news-bounces@list.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <n{number}@mx.list.example>
Date: {date}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.list.example

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx1.{provider}
Diagnostic-Code: smtp; 550 5.1.1 The account does not exist

--b
Content-Type: text/rfc822-headers

From: news@list.example
Message-ID: <issue-{issue}@list.example>

--b--
"""

class Run:
    def __init__(self, programs, tmp, policy="default"):
        self.programs, self.tmp, self.number = programs, tmp, 0
        os.makedirs(tmp)
        self.sent = {}
        self.policy = policy
        for part in ("new", "cur", "tmp"):
            os.makedirs(tmp + "/mail/" + part)
        self.warnings, self.errors = [], []

    def bounce(self, address, time, issue, provider="big.example"):
        """On the list of those sent, to this recipient alone: verified, so that one would suppress."""
        self.number += 1
        name = "%s-%s" % (issue, address.replace("@", "="))
        self.sent["issue-%s@list.example" % name] = address
        text = MAIL.format(number=self.number, date=email.utils.formatdate(time), address=address, provider=provider, issue=name)
        with open("%s/mail/new/%08d" % (self.tmp, self.number), "w") as file:
            file.write(text)

    def process(self, now):
        """Decisions of this run, counted."""
        with open(self.tmp + "/sent", "w") as file:
            file.writelines("<%s> %s\n" % row for row in self.sent.items())
        with open(self.tmp + "/conf", "w") as file:
            file.write("Ledger: %s/l.db\nPolicy: %s\nSent: %s/sent\n\nSource: %s/mail\n" % (self.tmp, self.policy, self.tmp, self.tmp))
        run = subprocess.run([self.programs + "/retour-process", "--config", self.tmp + "/conf", "--now", "@%d" % now], check=True,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        lines = [json.loads(line) for line in run.stdout.splitlines()]
        self.warnings += [line for line in lines if "warning" in line]
        self.errors += run.stderr.splitlines()
        return lines

    def ledger(self, *words):
        return subprocess.run([self.programs + "/retour-ledger", *words, "--config", self.tmp + "/conf"], check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def standing(self, now):
        """How many are where."""
        rows = map(json.loads, self.ledger("list", "--format", "json", "--now", "@%d" % now).stdout.splitlines())
        count = {}
        for row in rows:
            count[row["decision"]] = count.get(row["decision"], 0) + 1
        return count


def outage(programs, tmp, n, check):
    run = Run(programs, tmp)
    for day in range(10):  # the provider's own past: two dead ones a day
        for i in range(2):
            run.bounce("dead%d.%d@big.example" % (day, i), START + day * DAY + 36000, "old%d" % day)
    run.process(START + 10 * DAY)
    before = run.standing(START + 10 * DAY)
    check("dead addresses are suppressed at once", before == {"suppress": 20}, before)
    check("and that is no outage", not run.warnings and not run.errors, run.errors)
    begin = START + 10 * DAY + 20 * 3600
    for i in range(n):
        run.bounce("user%d@big.example" % i, begin + i * 7200 // n, "issue%d" % i)
    for i in range(5):
        run.bounce("elsewhere%d@small.example" % i, begin + i, "issue%d" % i, provider="small.example")
    run.process(begin + 7200)
    run.process(begin + 7300)
    now = run.standing(begin + 7300)
    check("probation for all, and no suppression but elsewhere", now == {"suppress": 25, "probation": n}, now)
    check("one warning as JSON", len(run.warnings) == 1, run.warnings)
    check("with the provider and its past", [(w["provider"], w["before"]) for w in run.warnings] == [("big.example", 2)], run.warnings)
    check("one line for the operator", len(run.errors) == 1 and "big.example" in run.errors[0] and "ledger undo" in run.errors[0],
          run.errors)
    # A day on which it goes on is no news; who comes a second time within the outage is not suppressed.
    for i in range(n // 10):
        run.bounce("user%d@big.example" % i, begin + DAY, "again%d" % i)
        run.bounce("more%d@big.example" % i, begin + DAY, "again%d" % i)
    run.process(begin + DAY + 60)
    now = run.standing(begin + DAY + 60)
    check("the next day as well", now == {"suppress": 25, "probation": n + n // 10}, now)
    check("told once", len(run.warnings) == 1 and len(run.errors) == 1, run.errors)
    undone = run.ledger("undo", "--provider", "big.example", "--since", "@%d" % (START + 10 * DAY), "--until", "@%d" % (begin + 2 * DAY),
                        "--now", "@%d" % (begin + 2 * DAY))
    freed = sum(json.loads(line)["decision"] == "keep" for line in undone.stdout.splitlines())
    now = run.standing(begin + 2 * DAY)
    check("undo restores every one", now == {"suppress": 25} and freed == n + n // 10, (now, freed))
    # The past knows nothing of the outage any more: the next one is seen as well.
    for i in range(n // 10):
        run.bounce("user%d@big.example" % i, begin + 12 * DAY, "third%d" % i)
    run.process(begin + 12 * DAY + 60)
    now = run.standing(begin + 12 * DAY + 60)
    check("the next outage is seen", now == {"suppress": 25, "probation": n // 10} and len(run.warnings) == 2, (now, run.warnings))


def first_mailing(programs, tmp, check):
    """An old list: 3,000 addresses at three providers, 300 of them dead. One issue a week."""
    run = Run(programs, tmp)
    dead = ["old%d@provider%d.example" % (i, i % 3) for i in range(300)]
    for week in range(2):
        day = START + week * 7 * DAY
        for address in dead:
            run.bounce(address, day + 36000, "w%d" % week, provider=address.split("@")[1])
        run.process(day + 40000)
        now = run.standing(day + 40000)
        wanted = {"probation": 300} if week == 0 else {"suppress": 300}
        check("issue %d" % (week + 1), now == wanted, now)
    check("each provider was told once", len(run.warnings) == 3 and len(run.errors) == 3, run.errors)
    # A part of the list each day: after three days of it, that is how the provider is.
    run = Run(programs, tmp + "-parts")
    for day in range(6):
        for i in range(100):
            run.bounce("part%d.%d@big.example" % (day, i), START + day * DAY + 36000, "p%d" % day)
        run.process(START + day * DAY + 40000)
    now = run.standing(START + 6 * DAY)
    check("held up for three days", now == {"probation": 300, "suppress": 300}, now)
    check("and told once", len(run.warnings) == 1, run.warnings)


def presets(programs, tmp, check):
    """A preset that suppresses at the first hard bounce waits as well; without the guard it does not."""
    for guard, wanted in (("", {"probation": 60}), ("Outage guard: off\n", {"suppress": 60}),
                          ("Outage guard: 100 addresses 4 times 3 days\n", {"suppress": 60})):
        run = Run(programs, "%s-%d" % (tmp, len(guard)), policy="mailchimp" + ("\n" + guard).rstrip("\n"))
        for i in range(60):
            run.bounce("user%d@big.example" % i, START + i, "a%d" % i)
        run.process(START + 3600)
        check("mailchimp %s" % guard, run.standing(START + 3600) == wanted, run.standing(START + 3600))


def main():
    programs, n = sys.argv[1], int(os.environ.get("RETOUR_OUTAGE_ADDRESSES", "10000"))
    failed = []

    def check(what, good, shown):
        if not good:
            failed.append(what)
            print("%s: %s" % (what, str(shown)[:600]), file=sys.stderr)

    with tempfile.TemporaryDirectory() as tmp:
        outage(programs, tmp + "/outage", n, check)
        first_mailing(programs, tmp + "/first", check)
        presets(programs, tmp + "/preset", check)
    return 1 if failed else 0


sys.exit(main())
