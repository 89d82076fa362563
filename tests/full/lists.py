"""retour process and retour act over a scripted month, with the real mlmmj and the real Mailman 3 core: lists.py [ADDRESSES]

Both lists have the same members. On one day a run is killed, on others both list managers are away. At the end who bounced hard, or
complained, is gone, who failed lately is held where that can be done, and all others are as they were; after undo all are back.
"""
import base64
import collections
import email.utils
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from door import check, finish, must, run

N = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
START = 1793491200  # Sunday, 2026-11-01
DAYS = 31
DAY = 86400
MAILDIR = pathlib.Path("/srv/bounces")
MLMMJ = pathlib.Path("/srv/mlmmj/news")
MAILMAN = pathlib.Path("/srv/mailman")
CONFIG = pathlib.Path("/etc/retour/retour.conf")
REST = "http://127.0.0.1:8001/3.1"

ADDRESSES = [f"reader{i}@life.example" for i in range(N)]


def life(i):
    """(what happens to it on which days, how it ends)"""
    day = 1 + i // 10 % 20
    return {
        0: ({day: "hard", day + 7: "hard"}, "gone"),
        1: ({day: "hard"}, "member"),
        2: ({day: "full", day + 3: "full"}, "member"),
        3: ({day + 5: "complaint"}, "gone"),
        4: ({28: "hard"} if i % 100 == 4 else {}, "held" if i % 100 == 4 else "member"),
        5: ({day: "block"}, "member"),
    }.get(i % 10, ({}, "member"))


REPLIES = {
    "hard": ("5.1.1", "550 5.1.1 User unknown"),
    "full": ("5.2.2", "552 5.2.2 The mailbox is over quota"),
    "block": ("5.7.1", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using dnsbl.example"),
}


def mail(i, day, what):
    if what == "complaint":
        parts = ("feedback-report", "message/feedback-report",
                 f"Feedback-Type: abuse\nUser-Agent: Loop/1\nVersion: 1\nOriginal-Rcpt-To: {ADDRESSES[i]}\n")
    else:
        status, text = REPLIES[what]
        parts = ("delivery-status", "message/delivery-status",
                 f"Reporting-MTA: dns; mx.lists.example\n\nFinal-Recipient: rfc822; {ADDRESSES[i]}\nAction: failed\nStatus: {status}\n"
                 f"Diagnostic-Code: smtp; {text}\n")
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.lists.example
To: news-bounces@lists.example
Subject: Report
Message-ID: <report-{i}-{day}@mx.lists.example>
Date: {email.utils.formatdate(START + day * DAY + 36000)}
MIME-Version: 1.0
Content-Type: multipart/report; report-type={parts[0]}; boundary="b"

--b
Content-Type: text/plain

A report.

--b
Content-Type: {parts[1]}

{parts[2]}
--b
Content-Type: text/rfc822-headers

From: news@lists.example
Message-ID: <issue-{day}-{i}@lists.example>

--b--
"""


class Mlmmj:
    def __init__(self):
        for part in ("incoming", "queue/discarded", "archive", "subconf", "unsubconf", "bounce", "control", "moderation", "subscribers.d",
                     "digesters.d", "requeue", "nomailsubs.d", "text"):
            (MLMMJ / part).mkdir(parents=True)
        for text in pathlib.Path("/usr/share/mlmmj/text.skel/en").iterdir():
            (MLMMJ / "text" / text.name).write_bytes(text.read_bytes())
        (MLMMJ / "control/listaddress").write_text("news@lists.example\n")
        (MLMMJ / "control/owner").write_text("owner@lists.example\n")
        (MLMMJ / "index").write_text("1\n")
        must("useradd", "--system", "newsowner")
        must("chown", "-R", "newsowner", MLMMJ)
        for address in ADDRESSES:
            must("/usr/bin/mlmmj-sub", "-L", MLMMJ, "-a", address, "-f", "-q", "-s")

    def members(self):
        return set(must("/usr/bin/mlmmj-list", "-L", MLMMJ).splitlines()) & set(ADDRESSES)

    def stop(self):
        MLMMJ.rename(MLMMJ.with_name("away"))

    def start(self):
        MLMMJ.with_name("away").rename(MLMMJ)


class Mailman:
    config = MAILMAN / "mailman.cfg"

    def __init__(self):
        MAILMAN.mkdir()
        self.config.write_text(f"""[mailman]
site_owner: owner@lists.example
layout: here
[paths.here]
var_dir: {MAILMAN}
bin_dir: /usr/lib/mailman3/bin
queue_dir: {MAILMAN}/queue
list_data_dir: {MAILMAN}/lists
log_dir: {MAILMAN}/logs
lock_dir: {MAILMAN}/locks
data_dir: {MAILMAN}/data
cache_dir: {MAILMAN}/cache
etc_dir: {MAILMAN}/etc
ext_dir: {MAILMAN}/ext
messages_dir: {MAILMAN}/messages
archive_dir: {MAILMAN}/archives
template_dir: {MAILMAN}/templates
pid_file: {MAILMAN}/master.pid
lock_file: {MAILMAN}/locks/master.lck
[database]
class: mailman.database.sqlite.SQLiteDatabase
url: sqlite:///{MAILMAN}/mailman.db
[webservice]
hostname: 127.0.0.1
port: 8001
admin_user: restadmin
admin_pass: sesame
[mta]
incoming: mailman.mta.null.NullMTA
outgoing: mailman.mta.deliver.deliver
[runner.bounces]
sleep_time: 1s
""" + "".join(f"[runner.{name}]\nstart: no\n" for name in ("archive", "command", "digest", "in", "lmtp", "nntp", "out", "pipeline", "retry",
                                                           "task", "virgin")))
        must("chown", "-R", "list:list", MAILMAN)
        self.start()
        self.call("POST", "/domains", mail_host="lists.example")
        self.call("POST", "/lists", fqdn_listname="forum@lists.example")
        self.call("PATCH", "/lists/forum@lists.example/config", send_welcome_message="false", admin_immed_notify="false",
                  send_goodbye_message="false")
        for address in ADDRESSES:
            self.call("POST", "/members", list_id="forum.lists.example", subscriber=address, pre_verified="true", pre_confirmed="true",
                      pre_approved="true")

    def call(self, method, path, **form):
        data = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(REST + path, data=data, method=method)
        request.add_header("Authorization", "Basic " + base64.b64encode(b"restadmin:sesame").decode())
        with urllib.request.urlopen(request, timeout=30) as answer:
            body = answer.read()
            return json.loads(body) if body else None

    def mailman(self, word):
        # What it leaves running keeps the streams that it was given.
        with open(MAILMAN / "said", "w+") as said:
            subprocess.run(["setpriv", "--reuid=list", "--regid=list", "--clear-groups", "mailman", "-C", str(self.config), word],
                           stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd=MAILMAN, timeout=120)
            said.seek(0)
            self.said = said.read()

    def start(self):
        self.mailman("start")
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            try:
                return self.call("GET", "/system/versions")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
        logs = "".join(log.read_text()[-2000:] for log in (MAILMAN / "logs").glob("*.log"))
        raise SystemExit(f"Mailman does not start: {self.said}\n{logs}")

    def stop(self):
        self.mailman("stop")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                self.call("GET", "/system/versions")
                time.sleep(0.2)
            except (urllib.error.URLError, ConnectionError):
                return
        raise SystemExit("Mailman does not stop")

    def members(self):
        entries = self.call("GET", "/lists/forum.lists.example/roster/member").get("entries", [])
        return {entry["email"] for entry in entries}

    def held(self):
        found = set()
        for entry in self.call("GET", "/lists/forum.lists.example/roster/member").get("entries", []):
            preferences = self.call("GET", f"/members/{entry['member_id']}/preferences")
            if preferences.get("delivery_status") == "by_bounces":
                found.add(entry["email"])
        return found

    def bounce_score(self, address):
        return self.call("GET", f"/lists/forum.lists.example/member/{address}")["bounce_score"]


def settings(more=""):
    CONFIG.parent.mkdir(parents=True, exist_ok=True)
    password = CONFIG.parent / "mailman"
    password.write_text("restadmin:sesame\n")
    password.chmod(0o600)
    CONFIG.write_text(f"""Ledger: /srv/ledger.db

Source: {MAILDIR}

Manager: our mailman
Like: mailman
Credentials: {password}

List: news
List-Id: news.lists.example
Manager: mlmmj
Target: {MLMMJ}

List: forum
List-Id: forum.lists.example
Manager: our mailman
{more}""")


def retour(word, *arguments, at):
    return subprocess.run(["retour", *word, "--now", f"@{at}", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def receive(day):
    for i in range(N):
        what = life(i)[0].get(day)
        if what:
            (MAILDIR / "new" / f"{day}.{i}").write_text(mail(i, day, what))


def kill_one(at):
    """retour act is killed as soon as it has done something; TRUE if there was more to do."""
    act = subprocess.Popen(["retour", "act", "--now", f"@{at}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    act.stdout.readline()
    act.send_signal(signal.SIGKILL)
    return act.wait() == -signal.SIGKILL


def month(managers):
    killed, away = 0, 0
    for day in range(1, DAYS):
        at = START + day * DAY + 72000
        receive(day)
        done = retour(["process"], at=at)
        check(f"day {day}: process", (done.returncode, done.stderr), (0, ""))
        if day in (12, 13, 14):
            if day == 12:
                for manager in managers:
                    manager.stop()
            away += retour(["act"], at=at).returncode == 75
            if day == 14:
                for manager in managers:
                    manager.start()
            continue
        if day in (9, 15, 20):
            killed += kill_one(at)
        done = retour(["act"], at=at + 600)
        check(f"day {day}: act", (done.returncode, done.stderr), (0, ""))
    check("runs were killed", killed, 3)
    check("list managers were away", away, 3)


def actions(*arguments):
    done = retour(["ledger", "actions"], "--all", "--format", "json", *arguments, at=START + 40 * DAY)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_month():
    MAILDIR.mkdir(parents=True)
    for part in ("new", "cur", "tmp"):
        (MAILDIR / part).mkdir()
    settings()
    begun = time.monotonic()
    mlmmj, mailman = Mlmmj(), Mailman()
    print(f"{N} members subscribed to both lists in {time.monotonic() - begun:.0f} s", flush=True)
    check("mlmmj before", mlmmj.members(), set(ADDRESSES))
    check("Mailman before", mailman.members(), set(ADDRESSES))
    begun = time.monotonic()
    month([mlmmj, mailman])
    print(f"a month in {time.monotonic() - begun:.0f} s", flush=True)
    ends = collections.defaultdict(set)
    for i, address in enumerate(ADDRESSES):
        ends[life(i)[1]].add(address)
    check("mlmmj: who stays", mlmmj.members(), ends["member"] | ends["held"])
    check("Mailman: who stays", mailman.members(), ends["member"] | ends["held"])
    check("Mailman: who is held", mailman.held(), ends["held"])
    rows = actions()
    removed = collections.Counter((row["list"], row["address"]) for row in rows if row["action"] == "remove" and row["state"] == "done")
    check("each is removed once", removed, {(name, address): 1 for name in ("news", "forum") for address in ends["gone"]})
    check("nothing is left", {row["state"] for row in rows}, {"done"})
    tries = collections.Counter(row["attempts"] for row in rows)
    print(f"{len(rows)} actions, by calls: {dict(tries)}; {len(ends['gone'])} removed, {len(ends['held'])} held", flush=True)
    # The list manager's own books: nobody left it twice.
    log = (MLMMJ / "mlmmj.operation.log").read_text() if (MLMMJ / "mlmmj.operation.log").exists() else ""
    if log:
        left = collections.Counter(line.rsplit(" ", 1)[-1] for line in log.splitlines() if "unsubscribed" in line)
        check("mlmmj's log: nobody left twice", {n for n in left.values()} <= {1}, True)

    at = START + 33 * DAY
    done = retour(["ledger", "undo"], "--from", "2026-11-01", at=at)
    check("undo", done.returncode, 0)
    done = retour(["act"], at=at)
    check("act after undo", (done.returncode, done.stderr), (0, ""))
    check("mlmmj: all are back", mlmmj.members(), set(ADDRESSES))
    check("Mailman: all are back", mailman.members(), set(ADDRESSES))
    check("Mailman: nobody is held", mailman.held(), set())
    # Who was never a member is not made one.
    (MAILDIR / "new" / "stranger").write_text(mail(0, 35, "complaint").replace(ADDRESSES[0], "stranger@life.example"))
    for step in (["process"], ["act"], ["ledger", "undo", "--address", "stranger@life.example"], ["act"]):
        done = retour(step, at=START + 36 * DAY)
        check(f"stranger: {step}", done.returncode, 0)
    check("a stranger is no member of mlmmj", "stranger@life.example" in must("/usr/bin/mlmmj-list", "-L", MLMMJ), False)
    check("a stranger is no member of Mailman", "stranger@life.example" in mailman.members(), False)
    return mailman


def test_reports(mailman):
    """List managers that count for themselves get each failure."""
    settings("""
Manager: reports
Like: mailman-bounce
Credentials: /etc/retour/mailman
""")
    text = CONFIG.read_text().replace("Manager: mlmmj\n", "Manager: mlmmj-bounce\n")
    text = text.replace("forum.lists.example\nManager: our mailman", "forum.lists.example\nManager: reports")
    CONFIG.write_text(text.replace("/srv/ledger.db", "/srv/second.db"))
    for name, at in (("news", 40), ("forum", 41)):
        (MAILDIR / "new" / name).write_text(
            mail(7, at, "hard").replace("From: news@lists.example\n", f"From: news@lists.example\nList-Id: <{name}.lists.example>\n"))
    for step in (["process"], ["act"]):
        done = retour(step, at=START + 42 * DAY)
        check(f"reports: {step}", (done.returncode, done.stderr), (0, ""))
    entry = MLMMJ / "bounce" / ADDRESSES[7].replace("@", "=")
    check("mlmmj knows the bounce", entry.exists(), True)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not mailman.bounce_score(ADDRESSES[7]):
        time.sleep(0.5)
    check("Mailman has counted the bounce", mailman.bounce_score(ADDRESSES[7]), 1)


manager = test_month()
test_reports(manager)
manager.stop()
finish()
