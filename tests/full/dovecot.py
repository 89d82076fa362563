"""Dovecot's delivery agent with the three Sieve scripts of docs/recipes and dovecot-extprograms.conf."""
import json
import subprocess
import sys

from door import *

# Of "filter" it stays at 10 s: Pigeonhole 2.3.19 dies of a filter that is too late, and the mail server tries again (sieve.md).
# Retour gives up by itself before.
LIMIT = "3s"


class Dovecot(Direct):
    def __init__(self, script, faults):
        super().__init__(Store(HOME / "Maildir"), faults)
        self.name = f"dovecot, {script}"
        install(script, HOME / ".dovecot.sieve")
        give(HOME)

    def deliver(self, mail, sender=""):
        done = subprocess.run(["runuser", "-u", USER, "--", "env", f"HOME={HOME}", "/usr/lib/dovecot/dovecot-lda", "-f", sender,
                               "-a", "bounces@list.example"], input=mail, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return {0: "stored", 75: "deferred"}.get(done.returncode, f"ended with {done.returncode}: {done.stdout[-300:]}")

    def test_full_disk(self):
        self.reset()
        with FullDisk(self.store.path):
            check(f"{self.name}: a full disk", (self.deliver(BOUNCE), self.store.count()), ("deferred", 0))


make_user()
install("dovecot-extprograms.conf", "/etc/dovecot/conf.d/91-retour.conf",
        scaled=[(f"sieve_{way}_exec_timeout = 10s", f"sieve_{way}_exec_timeout = {LIMIT}") for way in ("execute", "pipe")])
pathlib.Path("/etc/dovecot/conf.d/90-test.conf").write_text(
    "mail_location = maildir:~/Maildir\nssl = no\nlog_path = /dev/stderr\npostmaster_address = postmaster@list.example\n"
    "protocol lda {\n  mail_plugins = $mail_plugins sieve\n}\n")
for way in ("execute", "filter"):
    folder = pathlib.Path(f"/usr/lib/dovecot/sieve-{way}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "retour").symlink_to("/usr/bin/retour")
install("retour-record", "/usr/lib/dovecot/sieve-pipe/retour-record", 0o755)
# Whoever may deliver may look at the configuration.
must("chmod", "-R", "a+rX", "/etc/dovecot")
many = int(sys.argv[1])

agent = Dovecot("bounce.sieve", Faults((HOME / ".dovecot.sieve", '["is", "bounce", "delay", "complaint"]', '["is", "--bogus"]')))
agent.test_cases()
agent.test_faults()
agent.test_full_disk()
agent.test_many(many // 2)

agent = Dovecot("bounce-filter.sieve", Faults((HOME / ".dovecot.sieve", '["filter"]', '["filter", "--bogus"]')))
agent.test_cases()
agent.test_faults()
agent.test_full_disk()
agent.test_many(many // 2)

# Every mail stays in the inbox, and its record is in the file.
agent = Dovecot("bounce-pipe.sieve", Faults())
records = HOME / "bounces.json"
kinds = {"inbox": ("auto-reply", "other", "delivered", "disposition", "unsubscribe", "challenge", "unreadable"), "delays": ("delay",),
         "bounces-hard": ("bounce",), "bounces-soft": ("bounce",), "complaints": ("complaint",)}
for fixture, folder in CASES:
    records.unlink(missing_ok=True)
    agent.expect(fixture, (FIXTURES / fixture).read_bytes(), "inbox")
    got = [json.loads(line)["kind"] for line in records.read_text().splitlines()]
    check(f"{agent.name}: {fixture}: its record", len(got) == 1 and got[0] in kinds[folder], True)
for fault in agent.faults.names:
    with agent.faults(fault):
        agent.expect(fault, BOUNCE, "inbox")
agent.test_full_disk()
agent.test_many(many // 2)
finish()
