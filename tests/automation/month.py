# SPDX-License-Identifier: BSD-2-Clause
"""A scripted month for 1,000 addresses, under each preset: month.py PROGRAMS

What happens to an address is one of the lives below, 1,000 addresses in turn. What each preset must decide over each life on the
31st day stands beside it, from the documentation of the model: letters K keep, P probation, S suppress.
"""

import collections
import email.utils
import json
import os
import subprocess
import sys
import tempfile

START = 1793491200  # Sunday, 2026-11-01
DAY = 86400
PRESETS = "default mailman discourse listmonk phplist sympa civicrm odoo mailchimp csa".split()

REPLIES = {
    "hard": ("5.1.1", "550 5.1.1 User unknown", "failed"),
    "full": ("5.2.2", "552 5.2.2 The mailbox is over quota", "failed"),
    "block": ("5.7.1", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using dnsbl.example", "failed"),
    "content": ("5.7.1", "550 5.7.1 Message rejected as spam", "failed"),
    "refused": ("4.4.1", "connect to mx.example[192.0.2.9]:25: Connection refused", "failed"),
    "delay": ("4.2.2", "452 4.2.2 The mailbox is over quota", "delayed"),
    "good": ("2.0.0", "250 2.0.0 Ok: queued", "delivered"),
}

# name, what happens on which days, and the decision under each preset in the order of PRESETS
LIVES = [
    ("nothing but a delay", [(d, "delay") for d in (1, 5, 9)], "KKKKKKKKKK"),
    ("one hard, early", [(2, "hard")], "KKKKKKSKSK"),
    ("one hard, yesterday", [(29, "hard")], "PKKKKKSKSK"),
    ("dead: one hard each day", [(d, "hard") for d in range(1, 31)], "SSSSSSSSSS"),
    ("dead: one hard each week", [(d, "hard") for d in (1, 8, 15, 22, 29)], "SSSSSKSSSS"),
    ("five hard on one day", [(3 + i / 24, "hard") for i in range(5)], "KKSSSKSKSS"),
    ("an outage of two days", [(20, "hard"), (21, "hard")], "KKSSKKSKSK"),
    ("full each day", [(d, "full") for d in range(1, 31)], "SSSKSPSSSK"),
    ("full four times", [(d, "full") for d in (1, 9, 17, 25)], "KKSKKKSKKK"),
    ("full six times in a row", [(d, "full") for d in range(10, 16)], "KKSKSKSKKK"),
    ("five hard with a delivery between", [(1, "hard"), (8, "hard"), (15, "good"), (22, "hard"), (29, "hard")],
     "PKSSKKSKSS"),
    ("blocked each day", [(d, "block") for d in range(1, 31)], "KKKKKKKKKK"),
    ("spam each day", [(d, "content") for d in range(1, 31)], "KKKKKKKKKK"),
    ("host away all month", [(d, "refused") for d in range(1, 31)], "SSSKSSSSSK"),
    ("host away for five days", [(d, "refused") for d in range(10, 15)], "KKKKKKKKKK"),
    ("complained once", [(12, "complaint")], "SSSSSSSSSS"),
    ("unsubscribed, then blocked", [(3, "unsubscribe"), (4, "block")], "SSSSSSSSSS"),
]

REPORT = """Return-Path: <>
From: MAILER-DAEMON@mx.list.example
To: news-bounces@list.example
Subject: Delivery Status Notification
Message-ID: <report-{number}@mx.list.example>
Date: {date}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

About <{address}>: {text}

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.list.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.life.example
Diagnostic-Code: smtp; {text}

--b
Content-Type: text/rfc822-headers

From: news@list.example
Message-ID: <issue-{number}@list.example>

--b--
"""

FEEDBACK = """From: feedback@isp.example
To: abuse@list.example
Subject: Report
Message-ID: <report-{number}@isp.example>
Date: {date}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an abuse report.

--b
Content-Type: message/feedback-report

Feedback-Type: {type}
User-Agent: Loop/1
Version: 1
Original-Rcpt-To: {address}

--b
Content-Type: message/rfc822

From: news@list.example
To: {address}
Message-ID: <issue-{number}@list.example>
Subject: News

news
--b--
"""


def mail(address, what, day, number):
    date = email.utils.formatdate(START + int(day * DAY) + 36000)
    if what in ("complaint", "unsubscribe"):
        kind = "abuse" if what == "complaint" else "opt-out"
        return FEEDBACK.format(address=address, number=number, date=date, type=kind)
    status, text, action = REPLIES[what]
    return REPORT.format(address=address, number=number, date=date, status=status, text=text, action=action)


def write_month(folder, n_addresses):
    for part in ("new", "cur", "tmp"):
        os.makedirs(os.path.join(folder, part))
    number = 0
    for i in range(n_addresses):
        for day, what in LIVES[i % len(LIVES)][1]:
            number += 1
            with open(os.path.join(folder, "new", "%05d.%06d" % (int(day * 1000), number)), "w") as file:
                file.write(mail("user%d@life.example" % i, what, day, number))
    return number


def decisions(programs, ledger, now):
    out = subprocess.run([programs + "/retour-ledger", "list", "--format", "json", "--ledger", ledger, "--now", now],
                         check=True, stdout=subprocess.PIPE, text=True).stdout
    return {row["address"]: row["decision"][0].upper() for row in map(json.loads, out.splitlines())}


def main():
    programs, n = sys.argv[1], int(os.environ.get("RETOUR_MONTH_ADDRESSES", "1000"))
    now = "@%d" % (START + 31 * DAY)
    wrong = collections.Counter()
    with tempfile.TemporaryDirectory() as tmp:
        maildir = tmp + "/mail"
        write_month(maildir, n)
        for at, preset in enumerate(PRESETS):
            config = tmp + "/retour.conf"
            with open(config, "w") as file:
                file.write("Ledger: %s/%s.db\nPolicy: %s\n" % (tmp, preset, preset))
            subprocess.run([programs + "/retour-process", "--config", config, "--file", "leave", "--now", now, maildir],
                           check=True, stdout=subprocess.DEVNULL)
            got = decisions(programs, "%s/%s.db" % (tmp, preset), now)
            for i in range(n):
                name, _, expected = LIVES[i % len(LIVES)]
                is_now = got.get("user%d@life.example" % i, "K")
                if is_now != expected[at]:
                    wrong[(preset, name, is_now, expected[at])] += 1
    for (preset, name, is_now, expected), count in sorted(wrong.items()):
        print("%s, %s: %s for %d addresses, expected %s" % (preset, name, is_now, count, expected), file=sys.stderr)
    return 1 if wrong else 0


sys.exit(main())
