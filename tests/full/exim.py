"""Exim with the router and the transport of docs/recipes, the alias, and the filter of an account."""
import subprocess
import sys

from door import *

CONFIGURATION = """
primary_hostname = mx.sender.example
local_interfaces = 127.0.0.1
log_file_path = /var/log/exim4/%slog
never_users = root
trusted_users = root
host_lookup =
keep_environment =
smtp_accept_max = 0
queue_run_max = 1
begin routers
.include {routers}
alias:
  driver = redirect
  data = ${{lookup{{$local_part}}lsearch{{/etc/aliases}}}}
  pipe_transport = address_pipe
  user = bounces
userforward:
  driver = redirect
  check_local_user
  file = $home/.forward
  allow_filter
  pipe_transport = address_pipe
begin transports
.include {transports}
address_pipe:
  driver = pipe
  temp_errors = *
  log_output
begin retry
* * F,1h,1s
"""


class Exim(Queue):
    def __init__(self, name, recipient, store):
        super().__init__(store)
        self.name, self.recipient = name, recipient

    def exim(self, *arguments, **options):
        return run("exim4", *arguments, **options)

    def submit(self, mail, sender=""):
        done = self.exim("-odf", "-oi", "-f", sender or "<>", self.recipient, input=mail)
        assert done.returncode == 0, done.stdout

    def queued(self):
        return int(self.exim("-bpc").stdout.split()[-1])

    def flush(self):
        self.exim("-qff", timeout=60)

    def log(self):
        path = pathlib.Path("/var/log/exim4/mainlog")
        return path.read_text(errors="replace").splitlines() if path.exists() else []

    def bounced(self):
        return [line for line in self.log() if " ** " in line or "rozen" in line or "ignoring error" in line]

    def deferred(self):
        return sum(" == " in line for line in self.log())


make_user()
install("exim-router.conf", "/etc/exim4/retour-router.conf")
install("exim-transport.conf", "/etc/exim4/retour-transport.conf")
install("aliases", "/etc/aliases")
configuration = pathlib.Path("/etc/exim4/exim4.conf")
configuration.write_text(CONFIGURATION.format(routers="/etc/exim4/retour-router.conf", transports="/etc/exim4/retour-transport.conf"))
must("exim4", "-bV")
pathlib.Path("/var/log/exim4").mkdir(exist_ok=True)
must("chown", "-R", "Debian-exim:adm", "/var/log/exim4")
must("chmod", "755", "/var/log/exim4")

agent = Exim("exim", "u07@bounces.example", Store(HOME / "Maildir"))
agent.test_cases()
agent.test_faults()
agent.test_many(int(sys.argv[1]))
spool = Store("/var/spool/bounces")
spool.clear()
alias = Exim("exim, alias", "bounces-in@localhost", spool)
alias.test_cases()
with alias.faults("missing"):
    alias.expect("missing", BOUNCE, None, "deferred")
alias.again("missing")

install("exim-filter", HOME / ".forward")
give(HOME)
account = Exim("exim, filter", f"{USER}@localhost", Store(HOME / "Maildir"))
account.test_cases()
with account.faults("missing"):
    account.expect("missing", BOUNCE, None, "deferred")
account.again("missing")
finish()
