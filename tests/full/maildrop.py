"""maildrop with docs/recipes/maildrop.rc."""
import subprocess
import sys

from door import *


class Maildrop(Direct):
    name = "maildrop"

    def deliver(self, mail, sender=""):
        done = subprocess.run(["maildrop", "-f", sender, "-d", USER], input=mail, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return {0: "stored", 75: "deferred"}.get(done.returncode, f"ended with {done.returncode}: {done.stdout[-300:]}")


make_user()
install("maildrop.rc", "/etc/maildrop-retour.rc")
rc = HOME / ".mailfilter"
rc.write_text('MAILDIR="$HOME/Maildir"\nDEFAULT="$MAILDIR/"\ninclude "/etc/maildrop-retour.rc"\n')
rc.chmod(0o600)
give(HOME)
agent = Maildrop(Store(HOME / "Maildir"), Faults(("/etc/maildrop-retour.rc", "retour print kind", "retour print --bogus kind")))
agent.test_cases()
agent.test_faults()
agent.reset()
with FullDisk(HOME / "Maildir"):
    got = agent.deliver(BOUNCE)
    check("a full disk", (got, agent.store.count()), ("deferred", 0))
agent.test_many(int(sys.argv[1]))
finish()
