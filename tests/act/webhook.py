# SPDX-License-Identifier: BSD-2-Clause
"""The webhook against a real HTTPS server that fails in every way: webhook.py PROGRAMS"""
import base64
import hashlib
import hmac
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from scene import HOSTILE, Scene, check, failed, finish
from server import Server

PROGRAMS = sys.argv[1]
SECRET = b"a key of this test"


def settings(server, more="", name="news", path="/hook?site=a"):
    return f"""Manager: hook of {name}
Like: webhook
URL: {server.url}{path}
CA: {server.certificate}
Secret: {server.certificate.parent}/secret
Timeout: 2
{more}
List: {name}
List-Id: {name}.example
Manager: hook of {name}
"""


def is_signed(request):
    _, _, headers, body = request
    text = b"%s.%s.%s" % (headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body)
    digest = base64.b64encode(hmac.new(SECRET, text, hashlib.sha256).digest()).decode()
    return headers["webhook-signature"] == "v1," + digest and abs(int(headers["webhook-timestamp"]) - time.time()) < 60


def key_of(request):
    _, _, headers, body = request
    key = json.loads(body)["key"]
    assert headers["webhook-id"] == key and headers["Idempotency-Key"] == f'"{key}"', headers
    return key


def test_answers(server, folder):
    """Each way to fail delays; the same key comes again; nothing is sent elsewhere."""
    scene = Scene(PROGRAMS, folder, settings(server))
    scene.suppress("ada@orchard.example")
    keys, day = set(), 1
    for kind, words in ((500, "answered 500"), (503, "answered 503"), ("time out", "imed out"), ("half answer", "remaining"),
                        ("half head", ""), ("nothing", "mpty reply"), ("slow body", "imed out"), ("garbage", ""), (401, "answered 401"),
                        ("redirect", "redirects are not followed"), (404, "answered 404"), ("later", "too fast")):
        server.answers = [kind]
        begun = time.monotonic()
        code, lines, errors = scene.act(f"2026-11-{day:02}T10:00:00Z")
        asked = server.take()
        check(f"{kind}: once, and no redirect", [(method, path) for method, path, _, _ in asked], [("POST", "/hook?site=a")])
        check(f"{kind}: signed", all(map(is_signed, asked)), True)
        check(f"{kind}: waits", (code, [line["state"] for line in lines], words in lines[0]["trouble"]), (75, ["waiting"], True))
        check(f"{kind}: in time", time.monotonic() - begun < 8, True)
        keys.update(map(key_of, asked))
        day += 1
    check("Retry-After", lines[0]["due"] >= f"2026-11-{day - 1:02}T12:00:00Z", True)
    server.answers = ["large"]
    code, lines, errors = scene.act(f"2026-11-{day:02}T10:00:00Z")
    asked = server.take()
    keys.update(map(key_of, asked))
    check("done at last", (code, [line["state"] for line in lines], len(asked)), (0, ["done"], 1))
    check("one key", len(keys), 1)
    code, lines, errors = scene.act(f"2026-11-{day + 1:02}T10:00:00Z")
    check("and no more", (code, lines, server.take()), (0, [], []))
    body = json.loads(asked[0][3])
    check("body", {name: body[name] for name in ("action", "address", "list", "decision", "policy", "time", "code")},
          {"action": "remove", "address": "ada@orchard.example", "list": "news", "decision": "suppress", "policy": "import",
           "time": "2026-11-01T00:00:00Z", "code": 0})
    check("content type", asked[0][2]["Content-Type"], "application/json")
    scene.undo("ada@orchard.example")
    scene.act("2026-12-01")
    asked = server.take()
    check("undo", [(json.loads(body)["action"], json.loads(body)["key"] in keys) for _, _, _, body in asked], [("restore", False)])


def test_breaker(server, folder):
    """A list manager that is down costs one call; the others of its list wait, other lists do not."""
    scene = Scene(PROGRAMS, folder, settings(server) + "\n" + settings(server, name="forum", path="/other"))
    scene.suppress(*[f"r{n}@c.example" for n in range(5)])
    server.answers = [503]
    code, lines, errors = scene.act()
    paths = [path for _, path, _, _ in server.take()]
    check("down", (code, paths), (75, ["/hook?site=a"] + ["/other"] * 5))
    code, lines, errors = scene.act("2026-11-02")
    check("up", (code, len(lines), {line["state"] for line in lines}), (0, 5, {"done"}))
    server.take()


def test_certificate(server, folder):
    """A server that cannot show who it is gets nothing; nor does one beyond plain HTTP."""
    scene = Scene(PROGRAMS, folder, settings(server).replace(f"CA: {server.certificate}\n", ""))
    scene.suppress("ada@orchard.example")
    code, lines, errors = scene.act()
    check("certificate", (code, "ertificate" in lines[0]["trouble"] or "SSL" in lines[0]["trouble"], server.take()), (75, True, []))
    scene.config.write_text(scene.config.read_text().replace(server.url, "http://lists.example"))
    code, lines, errors = scene.act()
    check("plain HTTP", (code, "write https://" in errors), (75, True))


def test_secrets(server, folder):
    """Credentials reach the server and nobody else."""
    secret = folder / "secret"
    for text, wanted in (("ada:sesame", "Basic " + base64.b64encode(b"ada:sesame").decode()), ("Bearer sesame", "Bearer sesame"),
                         ("token ada:sesame", "token ada:sesame")):
        (folder / "password").write_text(text + "\n")
        (folder / "password").chmod(0o600)
        with tempfile.TemporaryDirectory() as place:
            scene = Scene(PROGRAMS, place, settings(server, f"Credentials: {folder}/password\n"))
            scene.suppress("ada@orchard.example")
            server.answers = [500]
            printed = str(scene.act()) + str(scene.actions())
            check(f"credentials {text}", [headers["Authorization"] for _, _, headers, _ in server.take()], [wanted])
            check(f"credentials {text} are told to nobody", "sesame" in printed or SECRET.decode() in printed, False)
    for path in (folder / "password", secret):
        path.chmod(0o644)
        with tempfile.TemporaryDirectory() as place:
            scene = Scene(PROGRAMS, place, settings(server, f"Credentials: {folder}/password\n"))
            scene.suppress("ada@orchard.example")
            code, lines, errors = scene.act()
            check("a secret that all may read", (code, "others may read it" in lines[0]["trouble"], server.take()), (75, True, []))
        path.chmod(0o600)


def test_killed(server, folder):
    """Killed while the server thinks: the next run sends the same key."""
    scene = Scene(PROGRAMS, folder, settings(server))
    scene.suppress("ada@orchard.example")
    server.answers = ["time out"]
    act = subprocess.Popen([f"{PROGRAMS}/retour-act", "--config", scene.config, "--now", "2026-11-01"])
    while not server.requests and act.poll() is None:
        time.sleep(0.02)
    act.send_signal(signal.SIGKILL)
    act.wait()
    code, lines, errors = scene.act("2026-11-01T00:00:01Z")
    asked = server.take()
    check("killed", (code, [line["state"] for line in lines], len(asked), len(set(map(key_of, asked)))), (0, ["done"], 2, 1))


def test_hostile(server, folder):
    """Whatever stands in an address is a string of JSON, a value of a form, or a part of a path."""
    scene = Scene(PROGRAMS, folder, settings(server))
    scene.suppress(*HOSTILE)
    code, lines, errors = scene.act()
    asked = server.take()
    check("JSON", [json.loads(body)["address"] for _, _, _, body in asked], HOSTILE)
    check("JSON: members", {tuple(json.loads(body)) for _, _, _, body in asked}, {tuple(json.loads(asked[0][3]))})


def test_rate(server, folder):
    scene = Scene(PROGRAMS, folder, settings(server, "Rate: 4 per second\n"))
    scene.suppress(*[f"r{n}@c.example" for n in range(5)])
    begun = time.monotonic()
    code, lines, errors = scene.act()
    check("rate", (code, len(server.take()), time.monotonic() - begun >= 1), (0, 5, True))


def main():
    with tempfile.TemporaryDirectory() as base:
        base = pathlib.Path(base)
        secret = base / "secret"
        secret.write_bytes(SECRET + b"\n")
        secret.chmod(0o600)
        server = Server(base)
        for test in (test_answers, test_breaker, test_certificate, test_secrets, test_killed, test_hostile, test_rate):
            with tempfile.TemporaryDirectory() as folder:
                if test is test_secrets:
                    test(server, base)
                else:
                    test(server, pathlib.Path(folder))
            server.answers = []
            server.take()
        server.close()


main()
finish()
