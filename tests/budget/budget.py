# SPDX-License-Identifier: BSD-2-Clause
"""What reading costs, over the project's own fixtures, against what it may cost.

    budget.py message READER FIXTURES   instructions (valgrind) and allocations for a message
    budget.py memory RETOUR FIXTURES    peak memory of a batch: the parent's, and each worker's
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


def judge(what, value, most):
    good = value <= most
    print(f"{'ok' if good else 'not ok'} {what}: {value:,} of {most:,}")
    return good


def message(reader, fixtures):
    if not shutil.which("valgrind"):
        print("no valgrind")
        return 77
    counted = subprocess.run([reader, *fixtures], check=True, capture_output=True, text=True)
    n, allocations = map(int, counted.stdout.split())
    watched = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=measured", reader]
        + fixtures,
        check=True, capture_output=True, text=True)
    instructions = int(re.search(r"Collected : (\d+)", watched.stderr).group(1))
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


def memory(retour, fixtures):
    with tempfile.TemporaryDirectory() as folder:
        for name in ("new", "cur", "tmp"):
            os.mkdir(f"{folder}/{name}")
        names = [shutil.copy(path, f"{folder}/new/{i}.fixture") for i, path in enumerate(fixtures)]
        for i in range(len(names), MESSAGES):
            os.link(names[i % len(names)], f"{folder}/new/{i}.fixture")
        with open(f"{folder}/out", "wb") as out:
            run = subprocess.Popen([retour, "read", "--format=json", f"--jobs={WORKERS}", folder], stdout=out)
            parent, workers = 0, {}
            while run.poll() is None:
                parent = max(parent, peak(run.pid))
                for child in children(run.pid):
                    workers[child] = max(workers.get(child, 0), peak(child))
                time.sleep(0.01)
        with open(f"{folder}/out", "rb") as out:
            records = sum(1 for _ in out)
    results = [judge("records missing", MESSAGES - records, 0), judge("parent, KB", parent, PARENT)]
    results += [judge("worker, KB", kilobytes, WORKER) for kilobytes in workers.values()]
    return 0 if all(results) and run.returncode == 0 and len(workers) >= WORKERS else 1


if __name__ == "__main__":
    mails = sorted(str(path) for path in pathlib.Path(sys.argv[3]).glob("*/*.eml"))
    sys.exit({"message": message, "memory": memory, "phrases": phrases}[sys.argv[1]](sys.argv[2], mails))
