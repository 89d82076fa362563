"""OpenSMTPD with docs/recipes/opensmtpd.conf."""
import re
import smtplib
import subprocess
import sys

from door import *

LOG = pathlib.Path("/var/log/smtpd.log")


class OpenSmtpd(Queue):
    name = "opensmtpd"

    def submit(self, mail, sender=""):
        # It takes no bare CR.
        mail = re.sub(rb"\r*\n", b"\r\n", mail)
        with smtplib.SMTP("127.0.0.1", 25, timeout=60) as client:
            client.sendmail(sender, ["u07@bounces.example"], mail)

    def queued(self):
        return len(must("smtpctl", "show", "queue").splitlines())

    def flush(self):
        run("smtpctl", "schedule", "all")

    def log(self):
        return LOG.read_text(errors="replace").splitlines()

    def bounced(self):
        return [line for line in self.log() if "result=PermFail" in line or "result=\"PermFail\"" in line or "bounce" in line and "error" in line]

    def deferred(self):
        return sum("TempFail" in line for line in self.log())


make_user()
configuration = pathlib.Path("/etc/smtpd.conf")
configuration.write_text("smtp max-message-size 50M\nlisten on 127.0.0.1\n" + (RECIPES / "opensmtpd.conf").read_text())
must("smtpd", "-n")
server = subprocess.Popen(["smtpd", "-d"], stdout=LOG.open("wb"), stderr=subprocess.STDOUT)
for _ in range(600):
    try:
        smtplib.SMTP("127.0.0.1", 25, timeout=60).quit()
        break
    except OSError:
        time.sleep(0.1)
agent = OpenSmtpd(Store(HOME / "Maildir"))
agent.test_cases()
agent.test_faults()
agent.test_many(int(sys.argv[1]))
run("smtpctl", "stop")
server.terminate()
finish()
