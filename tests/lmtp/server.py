#!/usr/bin/env python3
"""retour lmtp from outside: what it promises to a mail server, in good and in bad days: server.py PROGRAM FIXTURES [FAULT]"""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from client import Client, Refused, Server

program, fixtures, fault = sys.argv[1], pathlib.Path(sys.argv[2]), (sys.argv[3:] + [None])[0]
bounce = (fixtures / "postfix/y-local-user-unknown.eml").read_bytes()
letter = (fixtures / "negatives/n-ordinary-mail.eml").read_bytes()
failed = []
count = 0


def same(name, got, wanted):
    global count
    count += 1
    if got != wanted:
        failed.append(name)
        print(f"not ok - {name}\n  got:    {got!r}\n  wanted: {wanted!r}")


def codes(replies):
    return " ".join(reply[:3] for reply in replies)


def records(path):
    return [json.loads(line) for line in pathlib.Path(path).read_text().splitlines()]


def mails(maildir):
    return [path.read_bytes() for path in pathlib.Path(maildir).glob("new/*")]


def test_records(folder):
    out = folder / "out"
    server = Server(program, folder, "--output", out)
    client = server.client()
    same("two recipients", codes(client.send(bounce, ("a@list.example", "b@list.example"))), "250 250")
    same("a sender", codes(client.send(letter, sender="ada@workshop.example")), "250")
    got = records(out)
    same("recipients", [r["envelope"]["recipient"] for r in got], ["a@list.example", "b@list.example", "bounces@list.example"])
    same("senders", [r["envelope"]["sender"] for r in got], ["", "", "ada@workshop.example"])
    same("kinds", [r["kind"] for r in got], ["bounce", "bounce", "other"])
    same("the mail is as a pipe would have it", got[0]["source"]["size"], len(bounce))
    same("one failure has one key", got[0]["recipients"][0]["key"], got[1]["recipients"][0]["key"])
    alone = subprocess.run([pathlib.Path(program).with_name("retour"), "read", "--sender", "", "--recipient", "a@list.example"],
                           input=bounce, stdout=subprocess.PIPE, check=True).stdout
    one = json.loads(alone)
    del one["source"], got[0]["source"]
    same("retour read says the same", got[0], one)
    os.rename(out, folder / "out.1")
    same("the file was moved away", codes(client.send(bounce)), "250")
    same("a new one is there", len(records(out)), 1)
    same("it is its owner's alone", oct(out.stat().st_mode & 0o777), "0o600")
    same("bytes that are no UTF-8 in an address", codes(client.send(bounce, ("a\udcff@list.example".encode("utf-8", "surrogateescape").decode("latin-1"),))), "250")
    same("the end", server.end(), 0)
    same("is told", client.reply()[:3], "421")
    same("the socket is gone", server.socket.exists(), False)


def test_formats_and_other(folder):
    out, other = folder / "out", folder / "other"
    server = Server(program, folder, "--output", out, "--format", "recipients", "--other", other)
    client = server.client()
    same("a bounce, a letter", codes(client.send(bounce) + client.send(letter)), "250 250")
    same("flat lines", [r.get("class") for r in records(out)][:1], ["hard"])
    same("the letter is kept whole, the bounce is not", mails(other), [letter])
    large = letter + b"x" * 70 * 1024 * 1024
    same("a letter that is too large goes back", codes(client.send(large)), "552")
    same("a bounce that large has its record", codes(client.send(bounce + b"\n" + b"x" * 70 * 1024 * 1024)), "250")
    same("which says so", "message-cut" in records(out)[-1].get("limits", ["message-cut"]), True)
    os.rename(other, folder / "elsewhere")
    other.write_text("a file is in its place")
    same("no room for a letter", codes(client.send(letter)), "451")
    same("but for a bounce", codes(client.send(bounce)), "250")
    server.end()


def test_redacted(folder):
    out = folder / "out"
    server = Server(program, folder, "--output", out, "--redact", "mask")
    same("a bounce", codes(server.client().send(bounce, ("ada@list.example",), "zoe@list.example")), "250")
    got = records(out)[0]
    same("its envelope is masked", got["envelope"], {"sender": "z***@list.example", "recipient": "a***@list.example"})
    same("its recipient, too", got["recipients"][0]["address"], "n***@local.list.example")
    server.end()


def test_trouble(folder):
    place = folder / "place"
    place.mkdir()
    server = Server(program, folder, "--output", place / "out")
    client = server.client()
    os.rename(place, folder / "away")
    same("the folder is gone", codes(client.send(bounce, ("a@x.example", "b@x.example"))), "451 451")
    os.rename(folder / "away", place)
    same("it is back", codes(client.send(bounce)), "250")
    same("what was deferred is not there", len(records(place / "out")), 1)
    server.end()
    if os.access("/dev/full", os.W_OK):
        server = Server(program, folder, "--output", "/dev/full")
        same("a full disk", codes(server.client().send(bounce)), "451")
        server.end()


def test_command(folder):
    server = Server(program, folder, "--", "sh", "-c", f"test ! -e {folder}/refuse && cat >>{folder}/out")
    client = server.client()
    same("a command", codes(client.send(bounce)), "250")
    (folder / "refuse").touch()
    same("refuses", codes(client.send(bounce)), "451")
    (folder / "refuse").unlink()
    same("takes it", codes(client.send(bounce)), "250")
    same("what it got", [r["kind"] for r in records(folder / "out")], ["bounce", "bounce"])
    server.end()


def children(pid):
    return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_workers(folder):
    server = Server(program, folder, "--output", folder / "out", "--jobs", "1")
    client = server.client()
    same("before", codes(client.send(bounce)), "250")
    for child in children(server.process.pid):
        os.kill(child, signal.SIGKILL)
    same("its worker was killed", codes(client.send(bounce)), "250")
    for child in children(server.process.pid):
        os.kill(child, signal.SIGSTOP)
    same("its worker stands still: another one does it", codes(client.send(bounce))[:3] in ("250", "451"), True)
    same("and again", codes(client.send(bounce)), "250")
    server.end()
    if not fault:
        return
    crashing = dict(os.environ, LD_PRELOAD=fault, RETOUR_FAULT="crash")
    server = Server(program, folder, "--output", folder / "crash", environment=crashing)
    same("workers die of it", codes(server.client().send(bounce)), "451")
    same("nothing is recorded", records(folder / "crash"), [])
    server.end()
    server = Server(program, folder, "--output", folder / "crash", "--other", folder / "unread", environment=crashing)
    same("workers die of it, and it can be kept", codes(server.client().send(bounce)), "250")
    same("it is", mails(folder / "unread"), [bounce])
    same("and the record says why", [(r["kind"], "killed" in r["error"]) for r in records(folder / "crash")], [("unreadable", True)])
    server.end()


def test_limits(folder):
    server = Server(program, folder, "--output", folder / "out", "--connections", "2", "--timeout", "1")
    clients = [Client(server.socket) for _ in range(3)]
    same("one connection too many", [client.reply()[:3] for client in clients], ["220", "220", "421"])
    same("who is silent is sent away", clients[0].reply()[:3], "421")
    clients[1].close()
    client = server.client()
    same("then there is room", codes(client.send(bounce)), "250")
    client.socket.sendall(b"MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n")
    for _ in range(3):
        client.reply()
    client.socket.settimeout(0.1)
    gone = b""
    for _ in range(50):
        try:
            client.socket.sendall(b"x\r\n")
            gone = client.socket.recv(100)
            break
        except TimeoutError:
            pass
        except BrokenPipeError:
            gone = client.socket.recv(100)
            break
    same("who dribbles too", gone[:3], b"421")
    server.end()


def test_addresses(folder):
    def ends(*arguments):
        done = subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20)
        return done.returncode, done.stdout.decode()

    out = ["--output", folder / "out"]
    for name, code, words, arguments in [
            ("no network", 75, "no place on a network", ["--listen", "192.0.2.1:24", *out]),
            ("all interfaces", 75, "no place on a network", ["--listen", "0.0.0.0:24", *out]),
            ("a port alone", 75, "is no address", ["--listen", "24", *out]),
            ("a folder that is not there", 75, "No such file", ["--listen", folder / "no/where", *out]),
            ("a path that is too long", 75, "too long", ["--listen", folder / ("x" * 120), *out]),
            ("nowhere to listen", 75, "--listen", out),
            ("nowhere to write", 64, "--output", ["--listen", folder / "s"]),
            ("two places to write", 64, "--output", ["--listen", folder / "s", *out, "--", "true"]),
            ("a file that cannot be", 64, "No such file", ["--listen", folder / "s", "--output", folder / "no/out"]),
            ("a wrong number", 64, "--timeout", ["--listen", folder / "s", *out, "--timeout", "0"]),
            ("a format without lines", 64, "--format", ["--listen", folder / "s", *out, "--format", "table"]),
            ("a wrong profile", 64, "profile", ["--listen", folder / "s", *out, "--profile", "x"]),
            ("a wrong option", 64, "--bogus", ["--bogus"])]:
        got = ends(*arguments)
        same(name, (got[0], words in got[1]), (code, True))

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Server(program, folder, "--listen", f"localhost:{port}", *out)
    same("a port and a path at once", codes(Client(("127.0.0.1", port)).open().send(bounce)), "250")
    same("a living server keeps its socket", ends("--listen", server.socket, *out)[0], 75)
    server.kill()
    same("a dead one leaves it", server.socket.exists(), True)
    server = Server(program, folder, *out)
    same("and the next one takes it", codes(server.client().send(bounce)), "250")
    server.end()


def test_activation(folder):
    path = folder / "socket"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    start = 'exec 3<&0 </dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" --output "$1"'
    process = subprocess.Popen(["sh", "-c", start, program, folder / "out"], stdin=listener)
    same("a socket that systemd opened", codes(Client(path).open().send(bounce)), "250")
    process.terminate()
    same("ends", process.wait(20), 0)
    same("and leaves the socket to systemd", path.exists(), True)


for name, test in list(globals().items()):
    if name.startswith("test_"):
        with tempfile.TemporaryDirectory() as folder:
            test(pathlib.Path(folder))
print(f"{count - len(failed)} passed, {len(failed)} failed")
sys.exit(bool(failed))
