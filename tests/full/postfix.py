"""Postfix with docs/recipes: the transport, the alias, and LMTP to retour lmtp."""
import json
import smtplib
import socket
import subprocess
import sys

from door import *

LOG = pathlib.Path("/var/log/mail.log")
RECORDS = pathlib.Path("/var/lib/retour/records.json")
SOCKET = pathlib.Path("/run/retour/lmtp")


class Postfix(Queue):
    def __init__(self, name, recipient, store):
        super().__init__(store)
        self.name, self.recipient = name, recipient

    def submit(self, mail, sender=""):
        with smtplib.SMTP("127.0.0.1", 25, timeout=60) as client:
            client.sendmail(sender, [self.recipient], mail)

    def queued(self):
        return sum(line.startswith("{") for line in must("postqueue", "-j").splitlines())

    def flush(self):
        must("postqueue", "-f")

    def log(self):
        return LOG.read_text(errors="replace").splitlines() if LOG.exists() else []

    def bounced(self):
        return [line for line in self.log() if "status=bounced" in line or "fatal:" in line]

    def deferred(self):
        return sum("status=deferred" in line for line in self.log())


class Records(Store):
    """What retour lmtp has recorded, in the place of a Maildir: a record counts as a mail."""

    def __init__(self):
        super().__init__("/var/lib/retour/other")

    def records(self):
        return [json.loads(line) for line in RECORDS.read_text().splitlines()] if RECORDS.exists() else []

    def clear(self):
        super().clear()
        RECORDS.unlink(missing_ok=True)

    def count(self):
        return len(self.records())


class Lmtp(Postfix):
    def __init__(self):
        super().__init__("postfix, lmtp", "u07@lmtp.example", Records())
        self.server = None

    def start(self):
        self.server = subprocess.Popen(["retour", "lmtp", "--listen", SOCKET, "--output", RECORDS, "--other", self.store.path],
                                       umask=0)
        while True:
            try:
                with socket.socket(socket.AF_UNIX) as probe:
                    probe.connect(str(SOCKET))
                return
            except OSError:
                time.sleep(0.01)
                if self.server.poll() is not None:
                    raise SystemExit("retour lmtp does not start")

    def stop(self):
        self.server.kill()
        self.server.wait()

    def fails_with(self, what, begin, end):
        """The server is there and cannot do its work, or is not there."""
        self.reset()
        begin()
        check(f"{self.name}: {what}", (self.deliver(BOUNCE), self.store.count()), ("deferred", 0))
        end()
        self.await_all(1)
        check(f"{self.name}: {what}: then", (self.queued(), self.store.count()), (0, 1))

    def test(self, count):
        kinds = {"delays": "delay", "bounces-hard": "bounce", "bounces-soft": "bounce", "complaints": "complaint"}
        self.start()
        for fixture, folder in CASES:
            if fixture in self.not_over_smtp:
                continue
            self.reset()
            sender = sender_of(fixture)
            got = self.deliver((FIXTURES / fixture).read_bytes(), sender)
            record = (self.store.records() or [{}])[0]
            check(f"{self.name}: {fixture}", (got, record.get("envelope"), record.get("kind") == kinds.get(folder, record.get("kind"))),
                  ("stored", {"sender": sender, "recipient": self.recipient}, True))
        self.fails_with("no server", self.stop, self.start)
        hidden_folder = RECORDS.parent.with_name("hidden")
        self.fails_with("its folder is gone", lambda: RECORDS.parent.rename(hidden_folder), lambda: hidden_folder.rename(RECORDS.parent))
        self.stop()
        with self.faults("crash"):
            self.start()
            self.reset()
            check(f"{self.name}: its workers die", (self.deliver(BOUNCE), self.store.records()[0]["kind"]), ("stored", "unreadable"))
            check(f"{self.name}: the mail is kept", len(list(self.store.mails())), 1)
            self.stop()
        self.reset()
        self.start()
        # Killed again and again.
        mails = [with_mark(BOUNCE.replace(b"nobody-here@", b"nobody-%d@" % n), n) for n in range(count)]
        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            waiting = [pool.submit(self.submit, mail) for mail in mails]
            while not all(task.done() for task in waiting):
                time.sleep(0.3)
                self.stop()
                self.start()
        deadline = time.monotonic() + 120
        while self.queued() and time.monotonic() < deadline:
            self.flush()
            time.sleep(0.5)
        addresses = {record["recipients"][0]["address"] for record in self.store.records()}
        check(f"{self.name}: {count}, 50 at once: each has a record", len(addresses), count)
        check(f"{self.name}: the queue is empty", self.queued(), 0)
        check(f"{self.name}: nothing is returned or dropped", self.bounced(), [])
        self.server.terminate()
        check(f"{self.name}: it ends", self.server.wait(30), 0)


def configure():
    main, master = pathlib.Path("/etc/postfix/main.cf"), pathlib.Path("/etc/postfix/master.cf")
    # One transport_maps: the recipe's line with the domain that goes over LMTP beside it, as lmtp.md has it.
    recipe = (RECIPES / "postfix-main.cf").read_text()
    both = recipe.replace("{ bounces.example = retour: }", "{ bounces.example = retour: } { lmtp.example = lmtp:unix:/run/retour/lmtp }")
    assert both != recipe
    both = both.replace("relay_domains = bounces.example", "relay_domains = bounces.example lmtp.example")
    settings = ("compatibility_level = 3.6", "myhostname = mx.sender.example", "mydestination = localhost", "inet_interfaces = 127.0.0.1", "inet_protocols = ipv4",
                f"maillog_file = {LOG}", "alias_maps = hash:/etc/aliases", "alias_database = hash:/etc/aliases", "default_privs = bounces",
                "local_recipient_maps =", "smtpd_tls_security_level = none", "smtpd_client_connection_count_limit = 0",
                "smtpd_relay_restrictions = permit_mynetworks, reject", "mynetworks = 127.0.0.0/8", "minimal_backoff_time = 1s",
                "message_size_limit = 50000000", "mailbox_size_limit = 0",
                "maximal_backoff_time = 2s", "queue_run_delay = 2s", "in_flow_delay = 0", "transport_retry_time = 1s",
                # A destination that fails is tried again at once.
                "default_destination_concurrency_failed_cohort_limit = 1000")
    main.write_text("\n".join(settings) + "\n" + both)
    install("aliases", "/etc/aliases")
    text = master.read_text().replace("lmtp      unix  -       -       y ", "lmtp      unix  -       -       n ")
    assert "lmtp      unix  -       -       n " in text
    master.write_text(text + (RECIPES / "postfix-master.cf").read_text())
    SOCKET.parent.mkdir(parents=True)
    RECORDS.parent.mkdir(parents=True)


make_user()
configure()
must("newaliases")
must("postfix", "start")
many = int(sys.argv[1])
agent = Postfix("postfix", "u07@bounces.example", Store(HOME / "Maildir"))
agent.test_cases()
agent.test_faults()
agent.test_many(many)

spool = Store("/var/spool/bounces")
spool.clear()
alias = Postfix("postfix, alias", "bounces-in@localhost", spool)
alias.test_cases()
for fault in ("missing", "die"):
    with alias.faults(fault):
        alias.expect(fault, BOUNCE, None, "deferred")
    alias.again(fault)
check("postfix, alias: nothing is returned or dropped", alias.bounced(), [])

Lmtp().test(many)
run("postfix", "stop")
finish()
