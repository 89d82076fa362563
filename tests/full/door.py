"""What the tests of the delivery agents share. They run as root in a root of their own (enter.sh)."""
import concurrent.futures
import hashlib
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import time

USER = "bounces"
HOME = pathlib.Path("/home") / USER
RECIPES = pathlib.Path("/usr/share/doc/retour/recipes")
FIXTURES = pathlib.Path("/source/fixtures")
FAULT = pathlib.Path("/fault")
PRELOAD = pathlib.Path("/etc/ld.so.preload")

# Fixtures and the folder that the recipes put each into.
CASES = [line.split("\t") for line in pathlib.Path("/source/tests/integration/cases.tsv").read_text().splitlines()
         if line and not line.startswith("#")]
BOUNCE = (FIXTURES / "postfix/y-local-user-unknown.eml").read_bytes()

failed = []
checks = 0


def check(name, got, wanted):
    global checks
    checks += 1
    if got != wanted:
        failed.append(name)
        print(f"not ok - {name}\n  got:    {repr(got)[:600]}\n  wanted: {repr(wanted)[:600]}", flush=True)


def finish():
    print(f"{checks - len(failed)} passed, {len(failed)} failed")
    sys.exit(bool(failed))


def run(*command, **options):
    return subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


def must(*command, **options):
    done = run(*command, **options)
    if done.returncode != 0:
        raise SystemExit(f"{command} ended with {done.returncode}: {done.stdout.decode(errors='replace')}")
    return done.stdout.decode()


def make_user():
    must("useradd", "--create-home", "--shell", "/bin/sh", USER)
    give(HOME)


def give(path):
    """To the user, with all that is in it."""
    must("chown", "-R", f"{USER}:{USER}", path)


def install(recipe, place, mode=0o644, **changes):
    """A recipe at its place; changes (old=new) are for time limits alone."""
    text = (RECIPES / recipe).read_text()
    for old, new in changes.get("scaled", []):
        assert old in text, f"{recipe} has no {old!r}"
        text = text.replace(old, new)
    place = pathlib.Path(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    place.chmod(mode)


def with_mark(mail, mark):
    """A mail that can be told from all others by a line at its end, which no reader minds."""
    return mail + (b"" if mail.endswith((b"\n", b"\r")) else b"\n") + b"mark-%s\n" % str(mark).encode()


def sender_of(fixture):
    """Letters have one; what machines send has the null sender."""
    return "ada@workshop.example" if fixture.startswith("negatives/") else ""


class Store:
    """The mails in a Maildir and its folders."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def clear(self):
        """An empty Maildir of the user's."""
        shutil.rmtree(self.path, ignore_errors=True)
        for part in ("tmp", "new", "cur"):
            (self.path / part).mkdir(parents=True)
        give(self.path)

    def mails(self):
        """(folder, path) of each."""
        for place in sorted(self.path.glob("**/new/*")):
            if place.is_file():
                folder = place.parent.parent
                yield ("inbox" if folder == self.path else folder.name.lstrip(".")), place

    def count(self):
        return sum(1 for _ in self.mails())

    def folders(self):
        return [folder for folder, _ in self.mails()]

    def marks(self):
        """Every mark that is there, as often as it is there."""
        found = []
        for _, place in self.mails():
            tail = place.read_bytes()[-200:].rstrip()
            at = tail.rfind(b"mark-")
            if at >= 0:
                found.append(tail[at + 5:].decode())
        return sorted(found)


class Faults:
    """Ways in which retour fails, done from outside; each is taken back."""
    program = pathlib.Path("/usr/bin/retour")
    library = next(pathlib.Path("/usr/lib").glob("**/libglib-2.0.so.0"))
    away = pathlib.Path("/usr/bin/taken-away")

    def __init__(self, wrong_option=None):
        """wrong_option: (file, old, new): the recipe with an option that there is not."""
        self.wrong_option = wrong_option
        self.names = ["crash", "hang", "memory", "die", "missing", "not executable", "no library", "no program at all"]
        if wrong_option:
            self.names.append("wrong option")

    def __call__(self, name):
        return _Fault(self, name)


class _Fault:
    def __init__(self, faults, name):
        self.faults, self.name = faults, name

    def __enter__(self):
        program, library, away = self.faults.program, self.faults.library, self.faults.away
        if self.name in ("crash", "hang", "memory", "die"):
            FAULT.write_text(self.name + "\n")
            PRELOAD.write_text("/usr/lib/fault.so\n")
        elif self.name == "missing":
            program.rename(away)
        elif self.name == "not executable":
            program.chmod(0o644)
        elif self.name == "no library":
            library.rename(away)
        elif self.name == "no program at all":
            program.rename(away)
            program.write_text("#!/nonexistent/interpreter\n")
            program.chmod(0o755)
        elif self.name == "wrong option":
            path, old, new = self.faults.wrong_option
            text = pathlib.Path(path).read_text()
            assert old in text
            pathlib.Path(path).write_text(text.replace(old, new))

    def __exit__(self, *_):
        program, library, away = self.faults.program, self.faults.library, self.faults.away
        if self.name in ("crash", "hang", "memory", "die"):
            PRELOAD.unlink()
            FAULT.unlink()
        elif self.name in ("missing", "no program at all"):
            away.rename(program)
        elif self.name == "not executable":
            program.chmod(0o755)
        elif self.name == "no library":
            away.rename(library)
        elif self.name == "wrong option":
            path, old, new = self.faults.wrong_option
            path = pathlib.Path(path)
            path.write_text(path.read_text().replace(new, old))


class FullDisk:
    """A small file system in the place of a folder, with no room left."""

    def __init__(self, path, prepare=None):
        self.path = pathlib.Path(path)
        self.prepare = prepare

    def __enter__(self):
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir()
        give(self.path)
        must("mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", self.path)
        give(self.path)
        if self.prepare:
            self.prepare()
        with open(self.path / "ballast", "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"x" * 4096)
            except OSError:
                pass

    def __exit__(self, *_):
        must("umount", self.path)


def shapes():
    """Mails of other forms: (name, bytes, folder)."""
    return [("CRLF", BOUNCE.replace(b"\n", b"\r\n"), "bounces-hard"),
            ("10 MB", BOUNCE + b"a line behind the last boundary\n" * (10 * 1024 * 1024 // 32), "bounces-hard")]


def same_text(stored, sent):
    """Whether a mail is stored as it was sent: headers on top, line ends and a line end at the end are the agents' business."""
    stored, sent = (text.replace(b"\r\n", b"\n").rstrip(b"\n") for text in (stored, sent))
    return stored.endswith(sent[sent.find(b"\n\n"):]) if b"\n\n" in sent else True


class Direct:
    """An agent that is run for a mail and says with its exit status what became of it."""
    name = ""
    kept = "inbox"  # where a mail lies over which retour failed; None: it is deferred
    spare = {}      # of that, by fault

    def __init__(self, store, faults):
        self.store, self.faults = store, faults

    def deliver(self, mail, sender=""):
        """'stored', 'deferred', or what else became of it."""
        raise NotImplementedError

    def reset(self):
        self.store.clear()

    def expect(self, what, mail, folder, outcome="stored", sender=""):
        self.reset()
        got = self.deliver(mail, sender)
        check(f"{self.name}: {what}", (got, self.store.folders()), (outcome, [folder] if folder else []))
        if folder and self.store.count() == 1:
            stored = next(self.store.mails())[1].read_bytes()
            check(f"{self.name}: {what}: as it was sent", same_text(stored, mail), True)

    def test_cases(self):
        for fixture, folder in CASES:
            self.expect(fixture, (FIXTURES / fixture).read_bytes(), folder, sender=sender_of(fixture))
        for what, mail, folder in shapes():
            self.expect(what, mail, folder)

    def test_faults(self):
        for fault in self.faults.names:
            kept = self.spare.get(fault, self.kept)
            with self.faults(fault):
                self.expect(fault, BOUNCE, kept, "stored" if kept else "deferred")
        self.expect("after all faults", BOUNCE, "bounces-hard")

    def test_many(self, count):
        """So many, up to 50 at once, while retour fails now and then: each is stored once, or deferred and not stored."""
        self.reset()
        mails = {str(n): with_mark((FIXTURES / CASES[n % len(CASES)][0]).read_bytes(), n) for n in range(count)}
        outcomes = {}
        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            def one(mark):
                outcomes[mark] = self.deliver(mails[mark])
            waiting = [pool.submit(one, mark) for mark in mails]
            while not all(task.done() for task in waiting):
                time.sleep(0.5)
                with self.faults("crash"):
                    time.sleep(0.1)
            for task in waiting:
                task.result()
        stored = sorted(mark for mark, outcome in outcomes.items() if outcome == "stored")
        check(f"{self.name}: {count}, 50 at once: none is lost", self.store.marks(), stored)
        check(f"{self.name}: nothing is refused", set(outcomes.values()) <= {"stored", "deferred"}, True)


class Queue(Direct):
    """A mail server that runs retour-deliver: what it cannot deliver stays in its queue."""
    script = pathlib.Path("/usr/local/bin/retour-deliver")
    # The mail reached the filter, or the program was not there at all.
    spare = {fault: None for fault in ("die", "missing", "not executable", "no library", "no program at all", "no script")}

    # The line before the headers, and bytes that SMTP does not carry.
    not_over_smtp = {"damaged/y-from-line-first.eml", "damaged/h-random-bytes.eml"}

    def __init__(self, store):
        super().__init__(store, Faults((self.script, "retour filter", "retour filter --bogus")))
        install("retour-deliver", self.script, 0o755)

    def submit(self, mail, sender=""):
        """Gives it to the server, which must take it."""
        raise NotImplementedError

    def queued(self):
        """How many mails wait."""
        raise NotImplementedError

    def flush(self):
        """Lets it try all of them again."""
        raise NotImplementedError

    def bounced(self):
        """Lines of the log that tell of mail that was returned or dropped."""
        raise NotImplementedError

    def deferred(self):
        """How often it has put a mail off."""
        raise NotImplementedError

    def await_all(self, wanted, seconds=60):
        """Until the mails wanted are stored and none is left, trying again now and then."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.queued() and self.store.count() >= wanted:
                return
            time.sleep(0.5)
            self.flush()

    def deliver(self, mail, sender=""):
        before, returned = self.deferred(), len(self.bounced())
        self.submit(mail, sender)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if not self.queued():
                return "stored" if self.store.count() else "lost"
            if self.deferred() > before:
                return "deferred"
            if len(self.bounced()) > returned:
                return f"returned or dropped: {self.bounced()[-1]}"
            time.sleep(0.02)
        return "neither stored nor deferred"

    def test_cases(self):
        for fixture, folder in CASES:
            if fixture not in self.not_over_smtp:
                self.expect(fixture, (FIXTURES / fixture).read_bytes(), folder, sender=sender_of(fixture))
        for what, mail, folder in shapes():
            self.expect(what, mail, folder)

    def again(self, what):
        """What was put off is delivered once the fault is gone."""
        self.await_all(1)
        check(f"{self.name}: {what}: then", (self.queued(), self.store.folders()), (0, ["bounces-hard"]))

    def test_faults(self):
        for fault in self.faults.names:
            kept = self.spare.get(fault, self.kept)
            with self.faults(fault):
                self.expect(fault, BOUNCE, kept, "stored" if kept else "deferred")
            if not kept:
                self.again(fault)
        away = self.script.with_suffix(".away")
        for fault, begin, end in (("no script", lambda: self.script.rename(away), lambda: away.rename(self.script)),
                                  ("a script that may not be run", lambda: self.script.chmod(0o644), lambda: self.script.chmod(0o755))):
            begin()
            self.expect(fault, BOUNCE, None, "deferred")
            end()
            self.again(fault)
        text = self.script.read_text()
        self.script.write_text(text.replace("limit=60", "limit=2"))
        with self.faults("hang"):
            self.expect("a program that hangs beyond the script's limit", BOUNCE, None, "deferred")
        self.script.write_text(text)
        self.again("a program that hangs beyond the script's limit")
        self.reset()
        with FullDisk(self.store.path):
            check(f"{self.name}: a full disk", (self.deliver(BOUNCE), self.store.count()), ("deferred", 0))
        self.again("a full disk")
        check(f"{self.name}: nothing is returned or dropped", self.bounced(), [])

    def test_many(self, count):
        self.reset()
        usable = [fixture for fixture, _ in CASES if fixture not in self.not_over_smtp]
        mails = [with_mark((FIXTURES / usable[n % len(usable)]).read_bytes(), n) for n in range(count)]
        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            waiting = [pool.submit(self.submit, mail) for mail in mails]
            while not all(task.done() for task in waiting):
                time.sleep(0.5)
                with self.faults("die"):
                    time.sleep(0.1)
            for task in waiting:
                task.result()
        self.await_all(count, 120)
        check(f"{self.name}: {count}, 50 at once: each is there once", self.store.marks(), sorted(str(n) for n in range(count)))
        check(f"{self.name}: {count}: the queue is empty", self.queued(), 0)
        check(f"{self.name}: {count}: nothing is returned or dropped", self.bounced(), [])
