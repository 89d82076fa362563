"""procmail with docs/recipes/procmail.rc."""
import subprocess
import sys

from door import *

LIMIT = 3


class Procmail(Direct):
    name = "procmail"

    def deliver(self, mail, sender=""):
        done = subprocess.run(["procmail", "-f", sender or "MAILER-DAEMON", "-d", USER], input=mail, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        return {0: "stored", 75: "deferred"}.get(done.returncode, f"ended with {done.returncode}: {done.stdout[-300:]}")


make_user()
install("procmail.rc", "/etc/procmail-retour.rc")
rc = HOME / ".procmailrc"
rc.write_text(f"PATH=/usr/local/bin:/usr/bin:/bin\nMAILDIR=$HOME/Maildir\nDEFAULT=$MAILDIR/\nTIMEOUT={LIMIT}\n"
              "INCLUDERC=/etc/procmail-retour.rc\n")
rc.chmod(0o644)
give(HOME)
agent = Procmail(Store(HOME / "Maildir"), Faults(("/etc/procmail-retour.rc", "retour print kind", "retour print --bogus kind")))
agent.test_cases()
agent.test_faults()
agent.reset()
with FullDisk(HOME / "Maildir"):
    # It then falls back to the system's mailbox.
    system = pathlib.Path("/var/mail") / USER
    got = agent.deliver(BOUNCE)
    check("a full disk", (got, agent.store.count(), system.read_bytes().count(b"\nFinal-Recipient:")), ("stored", 0, 1))
agent.test_many(int(sys.argv[1]))
finish()
