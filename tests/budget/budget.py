# SPDX-License-Identifier: BSD-2-Clause
"""What reading costs, over the project's own fixtures, against what it may cost.

    budget.py message READER FIXTURES   instructions (valgrind) and allocations for a message
    budget.py memory RETOUR FIXTURES    peak memory of a batch: the parent's, and each worker's
    budget.py mbox RETOUR FIXTURES      the same of an mbox, each message of which has its record; RETOUR_BUDGET_MBOX=1000000 by hand
    budget.py large RETOUR -            peak memory of all processes over one large mail; RETOUR_BUDGET_LARGE=200 (MB) by hand
    budget.py recipients READER -       instructions and memory of a report about many recipients, to one about a tenth of them;
                                        RETOUR_BUDGET_RECIPIENTS=100000 by hand
    budget.py phrases ASK -             instructions for the search of all phrases in a text of 160 bytes

Exits with 1 if one is over its budget, with 77 where there is no valgrind.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

# Averages over all fixtures, GMime and GLib included. A figure that falls by a tenth is lowered here.
INSTRUCTIONS = 325_000
ALLOCATIONS = 100
# To find all phrases in a text of 160 bytes: as servers write it, with several in it, and with its folding.
TYPICAL, RICH, FOLDING = 5_200, 6_000, 6_000
# Kilobytes, and the messages of the batch.
PARENT, WORKER = 16 * 1024, 24 * 1024
MESSAGES, WORKERS = 20_000, 2
MBOX = int(os.environ.get("RETOUR_BUDGET_MBOX", MESSAGES))
# Megabytes of a mail, and kilobytes that all processes together may take beyond its size: of a pipe, its head of
# RETOUR_LIMIT_MESSAGE is in the command and in the worker.
LARGE, BEYOND = int(os.environ.get("RETOUR_BUDGET_LARGE", 100)), 64 * 1024
# Ten times the recipients, and what they may cost: linear time with a sixth to spare; kilobytes.
RECIPIENTS, TENFOLD, RECIPIENTS_MEMORY = int(os.environ.get("RETOUR_BUDGET_RECIPIENTS", 10_000)), 12, 512 * 1024


def judge(what, value, most):
    good = value <= most
    print(f"{'ok' if good else 'not ok'} {what}: {value:,} of {most:,}")
    return good


def instructions_of(reader, mails):
    watched = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=measured", reader, *mails],
        check=True, capture_output=True, text=True)
    return int(re.search(r"Collected : (\d+)", watched.stderr).group(1))


def message(reader, fixtures):
    if not shutil.which("valgrind"):
        print("no valgrind")
        return 77
    counted = subprocess.run([reader, *fixtures], check=True, capture_output=True, text=True)
    n, allocations = map(int, counted.stdout.split())
    instructions = instructions_of(reader, fixtures)
    assert n == len(fixtures) and allocations > n and instructions > n
    results = [judge("instructions for a message", instructions // n, INSTRUCTIONS),
               judge("allocations for a message", allocations // n, ALLOCATIONS)]
    return 0 if all(results) else 1


def phrases(ask, _):
    if not shutil.which("valgrind"):
        print("no valgrind")
        return 77
    results = []
    for kind, most in ("typical", TYPICAL), ("rich", RICH), ("folding", FOLDING):
        watched = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=measured", ask, kind],
            check=True, capture_output=True, text=True)
        texts, answers = map(int, watched.stdout.split())
        instructions = int(re.search(r"Collected : (\d+)", watched.stderr).group(1))
        assert answers >= texts > 0 and instructions > texts
        print(f"{kind}: {answers / texts:.1f} rules hold in a text")
        results.append(judge(f"instructions for a {kind} text", instructions // texts, most))
    return 0 if all(results) else 1


def peak(pid):
    """Peak resident memory of a process so far, in kilobytes; 0 once it is gone."""
    try:
        found = re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found.group(1)) if found else 0


def children(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []


def watch(run):
    """Peaks of the command and of each of its workers, in kilobytes, once it has ended."""
    parent, workers = 0, {}
    while run.poll() is None:
        parent = max(parent, peak(run.pid))
        for child in children(run.pid):
            workers[child] = max(workers.get(child, 0), peak(child))
        time.sleep(0.01)
    return parent, workers


def judge_batch(retour, source, messages, out):
    with open(out, "wb") as file:
        run = subprocess.Popen([retour, "read", "--format=json", f"--jobs={WORKERS}", source], stdout=file, stderr=subprocess.DEVNULL)
        parent, workers = watch(run)
    with open(out, "rb") as file:
        records = sum(1 for _ in file)
    results = [judge("records missing or too many", abs(messages - records), 0), judge("parent, KB", parent, PARENT)]
    results += [judge("worker, KB", kilobytes, WORKER) for kilobytes in workers.values()]
    return 0 if all(results) and run.returncode == 0 and len(workers) >= WORKERS else 1


def memory(retour, fixtures):
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/mail")
        for name in ("new", "cur", "tmp"):
            os.mkdir(f"{folder}/mail/{name}")
        names = [shutil.copy(path, f"{folder}/mail/new/{i}.fixture") for i, path in enumerate(fixtures)]
        for i in range(len(names), MESSAGES):
            os.link(names[i % len(names)], f"{folder}/mail/new/{i}.fixture")
        return judge_batch(retour, f"{folder}/mail", MESSAGES, f"{folder}/out")


def mbox(retour, fixtures):
    """Fixtures in turn: quoted as mboxrd does, so that nothing in them is a border."""
    mails = []
    for path in fixtures:
        text = re.sub(rb"^(>*From )", rb">\1", pathlib.Path(path).read_bytes(), flags=re.M)
        mails.append(b"From MAILER-DAEMON Sat Jan 13 01:05:34 2026\n" + text + b"\n" * (1 if text.endswith(b"\n") else 2))
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/mbox", "wb") as file:
            for i in range(MBOX):
                file.write(mails[i % len(mails)])
        return judge_batch(retour, f"{folder}/mbox", MBOX, f"{folder}/out")


def large(retour, _):
    head = b"From: MAILER-DAEMON@mx.example\nTo: bounces@list.example\nSubject: Undelivered mail\n\n"
    line = b"<ada@orchard.example>: 550 5.1.1 User unknown, and a line that goes on for a while\n"
    results = []
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/mail"
        with open(path, "wb") as file:
            file.write(head + line * (LARGE * 1024 * 1024 // len(line)))
        for how, arguments in ("a file", [path]), ("a pipe", []):
            with open(f"{folder}/out", "wb") as out, open(path, "rb") as mail:
                feed = subprocess.Popen(["cat"], stdin=mail, stdout=subprocess.PIPE)
                run = subprocess.Popen([retour, "read", "--jobs=1", *arguments], stdout=out, stdin=feed.stdout)
                feed.stdout.close()
                parent, workers = watch(run)
                feed.kill()
            record = pathlib.Path(f"{folder}/out").read_text()
            good = run.returncode == 0 and record.count("\n") == 1 and '"reason":"user-unknown"' in record
            results += [judge(f"of {LARGE} MB through {how}: records that are wrong", 0 if good else 1, 0),
                        judge(f"of {LARGE} MB through {how}: KB beyond its size", parent + sum(workers.values()) - LARGE * 1024, BEYOND)]
    return 0 if all(results) else 1


def write_report(path, recipients):
    with open(path, "w") as file:
        file.write("From: MAILER-DAEMON@mx.example\nTo: bounces@list.example\nSubject: Undelivered mail\nMIME-Version: 1.0\n"
                   'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\nIt was not delivered.\n\n'
                   "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n")
        for i in range(recipients):
            file.write(f"\nFinal-Recipient: rfc822; user{i}@domain{i % 977}.example\nAction: failed\nStatus: 5.1.1\n"
                       f"Diagnostic-Code: smtp; 550 5.1.1 <user{i}@domain{i % 977}.example>: User unknown\n")
        file.write("\n--b--\n")


def recipients(reader, _):
    if not shutil.which("valgrind"):
        print("no valgrind")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        for n in RECIPIENTS // 10, RECIPIENTS:
            write_report(f"{folder}/{n}", n)
        few, many = (instructions_of(reader, [f"{folder}/{n}"]) for n in (RECIPIENTS // 10, RECIPIENTS))
        most, _ = watch(subprocess.Popen([reader, f"{folder}/{RECIPIENTS}"], stdout=subprocess.DEVNULL))
    results = [judge(f"instructions for {RECIPIENTS} recipients", many, TENFOLD * few),
               judge(f"KB for {RECIPIENTS} recipients", most, RECIPIENTS_MEMORY)]
    return 0 if all(results) and most > 0 else 1


if __name__ == "__main__":
    mails = sorted(str(path) for path in pathlib.Path(sys.argv[3]).glob("*/*.eml"))
    kinds = {f.__name__: f for f in (message, memory, mbox, large, recipients, phrases)}
    sys.exit(kinds[sys.argv[1]](sys.argv[2], mails))
