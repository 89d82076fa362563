"""One-click unsubscription where an address of the public Internet is one of this machine: in a network of its own."""
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, "/source/tests/act")
from door import check, finish, must  # noqa: E402
from server import Server  # noqa: E402

PUBLIC = "93.184.216.34"
MAIL = """From: feedback@isp.example
Subject: Report
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Loop/1
Version: 1

--b
Content-Type: message/rfc822

From: news@lists.example
To: ada@orchard.example
Message-ID: <issue@lists.example>
List-Unsubscribe: <{url}>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Subject: News

news
--b--
"""


def click(url, host):
    done = subprocess.run(["retour", "act", "--one-click", "-", "--host", host], input=MAIL.format(url=url), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=60)
    return done.returncode, json.loads(done.stdout)


must("ip", "address", "add", f"{PUBLIC}/32", "dev", "lo")
with open("/etc/hosts", "a") as hosts:
    hosts.write(f"{PUBLIC} unsubscribe.lists.example\n127.0.0.1 inside.lists.example\n{PUBLIC} both.lists.example\n")
folder = pathlib.Path("/srv/one-click")
folder.mkdir()
names = "DNS:unsubscribe.lists.example,DNS:inside.lists.example"
# On all addresses: who asks inside would get an answer.
server = Server(folder, ("0.0.0.0", 443), names)
trusted = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
trusted.parent.mkdir(parents=True, exist_ok=True)
trusted.write_bytes(server.certificate.read_bytes())

code, told = click("https://unsubscribe.lists.example/u?e=ada", "unsubscribe.lists.example")
check("asked", (code, told.get("status"), told.get("trouble")), (0, 200, None))
asked = server.take()
check("as RFC 8058 says", [(method, path, body, headers["Content-Type"]) for method, path, headers, body in asked],
      [("POST", "/u?e=ada", b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")])
check("nothing that tells who asks", [name for name in ("Cookie", "Authorization", "Referer") if name in asked[0][2]], [])

server.answers = ["redirect"]
code, told = click("https://unsubscribe.lists.example/u", "unsubscribe.lists.example")
check("a redirect is not followed", (code, told.get("status"), len(server.take())), (75, 302, 1))

code, told = click("https://inside.lists.example/u", "inside.lists.example")
check("a name that leads inside", (code, "none of the public Internet" in told["trouble"], server.take()), (75, True, []))

code, told = click("https://both.lists.example/u", "both.lists.example")
check("a server that cannot show who it is", (code, "status" in told, server.take()), (75, False, []))
server.close()
finish()
