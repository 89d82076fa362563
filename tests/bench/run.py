#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What reading costs beside GMime alone and beside others, all in one run: run.py BUILD [ROUNDS]

Makes a Maildir and an mbox of the project's fixtures, or of the mail below $RETOUR_CORPUS, copied until there are
$RETOUR_BENCH_MESSAGES (14,000). Mail with a bare CR or a NUL, or without a header at its head, is left out: of an mbox that
holds such mail GMime alone gives up the rest, or never ends. Rounds are interleaved; each figure is the median of its rounds. Processor time is that of
the program and its children, so that a busy machine disturbs it little. Prints a table in Markdown."""
import os, re, shutil, statistics, subprocess, sys, tempfile, threading, time

here = os.path.dirname(os.path.abspath(__file__))
project = os.path.dirname(os.path.dirname(here))
build, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
wanted = int(os.environ.get("RETOUR_BENCH_MESSAGES", "14000"))
retour, floor = build + "/retour", build + "/tests/bench/bench-floor"


def corpus():
    root = os.environ.get("RETOUR_CORPUS") or project + "/fixtures"
    for folder, folders, files in os.walk(root):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".eml"):
                with open(os.path.join(folder, name), "rb") as file:
                    mail = file.read().replace(b"\r\n", b"\n")
                if re.match(rb"[!-9;-~]+:", mail) and b"\r" not in mail and b"\0" not in mail:
                    yield mail


def make(work):
    """The same messages twice: a file each, and one mbox (mboxrd)."""
    mails = list(corpus())
    for part in "new", "cur", "tmp":
        os.makedirs(f"{work}/maildir/{part}")
    with open(work + "/mbox", "wb") as mbox:
        for i in range(wanted):
            mail = mails[i % len(mails)]
            with open(f"{work}/maildir/new/{i:07}.bench", "wb") as file:
                file.write(mail)
            body = re.sub(rb"^(>*From )", rb">\1", mail, flags=re.M)
            mbox.write(b"From MAILER-DAEMON Sat Jan  3 01:05:34 2026\n" + body + b"\n\n")


def drop_caches(work):
    """As root the kernel's; else the pages of these files alone."""
    os.sync()
    try:
        with open("/proc/sys/vm/drop_caches", "w") as file:
            file.write("3")
    except OSError:
        for folder, _, files in os.walk(work):
            for name in files:
                fd = os.open(os.path.join(folder, name), os.O_RDONLY)
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(fd)


def peak(pid, seen):
    """The largest resident sizes of a program and of one of its children, kB, while it lives."""
    try:
        while True:
            ids = [pid] + [int(c) for c in open(f"/proc/{pid}/task/{pid}/children").read().split()]
            for i, one in enumerate(ids):
                found = re.search(r"VmHWM:\s*(\d+)", open(f"/proc/{one}/status").read())
                key = "parent" if i == 0 else "worker"
                seen[key] = max(seen.get(key, 0), int(found.group(1)) if found else 0)
            time.sleep(0.02)
    except (OSError, ValueError):
        pass


def measure(command):
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seen = {}
    watcher = threading.Thread(target=peak, args=(process.pid, seen))
    watcher.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    process.returncode = status
    watcher.join()
    if status != 0:
        sys.exit(f"{' '.join(command)}: status {status}")
    return wall, usage.ru_utime + usage.ru_stime, seen.get("parent", 0), seen.get("worker", 0)


def instructions(command):
    """By the processor's own count; None where it gives none."""
    done = subprocess.run(["perf", "stat", "-x,", "-e", "instructions:u", *command], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True) if shutil.which("perf") else None
    found = done and re.search(r"^(\d+),", done.stderr, re.M)
    return int(found.group(1)) if found else None


def start(command, mail):
    """From exec to exit with the mail on standard input, seconds."""
    actions = [(os.POSIX_SPAWN_OPEN, 0, mail, os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    begun = time.monotonic()
    os.waitpid(os.posix_spawn(command[0], command, os.environ, file_actions=actions), 0)
    return time.monotonic() - begun


def measure_single(work):
    """One mail at a time, as a delivery agent starts it: the minimum of many, since a busy machine only adds to it."""
    os.mkdir(work + "/one")
    mail = work + "/one/mail"
    shutil.copy(project + "/fixtures/postfix/y-local-user-unknown.eml", mail)
    runs = {"GMime alone": [floor, work + "/one"], "retour read": [retour, "read", "--format", "json"],
            "retour is": [retour, "is", "hard"], "retour filter": [retour, "filter"], "retour --version": [retour, "--version"]}
    best = {name: min(times) for name, times in zip(runs, zip(*([start(c, mail) for c in runs.values()]
                                                                for _ in range(200))))}
    print(f"\nOne mail of {os.path.getsize(mail)} bytes, from exec to exit, minimum of 200:")
    for name, seconds in best.items():
        print(f"{name}: {seconds * 1000:.2f} ms, {seconds / best['GMime alone']:.2f} × of GMime alone")


def main():
    with tempfile.TemporaryDirectory(prefix="retour-bench-", dir=os.environ.get("TMPDIR")) as work:
        make(work)
        maildir, mbox, new = work + "/maildir", work + "/mbox", work + "/maildir/new"
        runs = {
            "GMime alone, Maildir": ([floor, new], wanted, False),
            "GMime alone, mbox": ([floor, "--mbox", mbox], wanted, False),
            "retour, 1 job, Maildir": ([retour, "read", "--format", "json", "--jobs", "1", maildir], wanted, False),
            "retour, 2 jobs, Maildir": ([retour, "read", "--format", "json", "--jobs", "2", maildir], wanted, False),
            "retour, 1 job, mbox": ([retour, "read", "--format", "json", "--jobs", "1", mbox], wanted, False),
            "retour, 2 jobs, mbox": ([retour, "read", "--format", "json", "--jobs", "2", mbox], wanted, False),
            "GMime alone, Maildir, cold": ([floor, new], wanted, True),
            "retour, 1 job, Maildir, cold": ([retour, "read", "--format", "json", "--jobs", "1", maildir], wanted, True),
            "retour, 2 jobs, Maildir, cold": ([retour, "read", "--format", "json", "--jobs", "2", maildir], wanted, True),
            "retour, 2 jobs, mbox, cold": ([retour, "read", "--format", "json", "--jobs", "2", mbox], wanted, True),
        }
        few = min(wanted, 1400)
        os.mkdir(work + "/few")
        for name in sorted(os.listdir(new))[:few]:
            os.link(f"{new}/{name}", f"{work}/few/{name}")
        if subprocess.run(["perl", "-MSisimai", "-e", "1"], stderr=subprocess.DEVNULL).returncode == 0:
            runs["Sisimai (Perl), files"] = (["perl", here + "/peer-sisimai.pl", work + "/few"], few, False)
        if subprocess.run(["/usr/bin/python3", "-c", "import flufl.bounce"], stderr=subprocess.DEVNULL).returncode == 0:
            runs["flufl.bounce, files"] = (["/usr/bin/python3", here + "/peer-flufl.py", work + "/few"], few, False)
        results = {name: [] for name in runs}
        for _ in range(rounds):
            for name, (command, _, cold) in runs.items():
                if cold:
                    drop_caches(work)
                results[name].append(measure(command))
        size = os.path.getsize(mbox)
        print(f"{wanted} messages, mbox of {size / 1e6:.1f} MB, medians of {rounds} interleaved rounds\n")
        print("| what | processor time, µs a message | to GMime | messages a second of it | wall, s | "
              "peak of the parent, MB | of a worker, MB | instructions a message |")
        print("|---|---|---|---|---|---|---|---|")
        median = lambda name, i: statistics.median(r[i] for r in results[name])
        for name, (command, n, _) in runs.items():
            cpu = median(name, 1) / n
            base = median("GMime alone, mbox" if "mbox" in name else "GMime alone, Maildir", 1) / wanted
            counted = instructions(command)
            worker = median(name, 3)
            print(f"| {name} | {cpu * 1e6:.0f} | {cpu / base:.2f} | {1 / cpu:,.0f} | {median(name, 0):.2f} | "
                  f"{median(name, 2) / 1000:.1f} | {f'{worker / 1000:.1f}' if worker else ''} | "
                  f"{f'{counted / n:,.0f}' if counted else ''} |")
        print()
        for kind in "Maildir", "mbox":
            one, two = f"retour, 1 job, {kind}", f"retour, 2 jobs, {kind}"
            print(f"{kind}: 2 jobs take {median(two, 1) / median(one, 1):.2f} × the processor time of one, "
                  f"and end {median(one, 0) / median(two, 0):.2f} × as fast.")
        for name in runs:
            if name.endswith("files"):
                ratio = (median(name, 1) / few) / (median("retour, 1 job, Maildir", 1) / wanted)
                print(f"{name.split(',')[0]}: {ratio:.1f} × the processor time of retour for a message.")
        measure_single(work)


main()
