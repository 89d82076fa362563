#!/usr/bin/env python3
"""Killed at random moments, the server has at least one record of each mail that it has accepted, and a client that sends again
what was not accepted gets every mail recorded: resend.py PROGRAM FIXTURES MAILS [SEED]"""
import json
import pathlib
import queue
import random
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from client import Server, send_all

CONNECTIONS = 8

program, fixtures, count = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.randrange(1 << 30)
mail = (fixtures / "postfix/y-local-user-unknown.eml").read_bytes().replace(b"nobody-here@", b"nobody-%d@")
assert b"%d" in mail and mail.count(b"%") == mail.count(b"%d")
chance = random.Random(seed)


def number(n):
    return mail.replace(b"%d", b"%d" % n)


def main(folder):
    out = folder / "out"
    server = Server(program, folder, "--output", out)
    todo, accepted = queue.Queue(), set()
    for n in range(count):
        todo.put(n)
    begun = time.monotonic()
    threads = [threading.Thread(target=send_all, args=(server, todo, accepted, number)) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    kills = 0
    while any(thread.is_alive() for thread in threads):
        time.sleep(chance.uniform(0.01, 0.15))
        # What was accepted by now must be there whatever happens next.
        before = set(accepted)
        server.process.kill()
        server.process.wait()
        kills += 1
        text = out.read_bytes()
        recorded = {json.loads(line)["recipients"][0]["address"] for line in text[:text.rfind(b"\n") + 1].splitlines()}
        lost = [n for n in before if f"nobody-{n}@local.list.example" not in recorded]
        if lost:
            raise SystemExit(f"seed {seed}: accepted and not recorded: {lost[:10]}")
        again = Server(program, folder, "--output", out)
        server.process = again.process
    seconds = time.monotonic() - begun
    server.end()
    keys, addresses, lines = {}, set(), 0
    for line in out.read_text().splitlines():
        recipient = json.loads(line)["recipients"][0]
        addresses.add(recipient["address"])
        keys.setdefault(recipient["address"], set()).add(recipient["key"])
        lines += 1
    missing = [n for n in range(count) if f"nobody-{n}@local.list.example" not in addresses]
    if missing or len(addresses) != count:
        raise SystemExit(f"seed {seed}: {len(missing)} mails have no record, {len(addresses)} addresses")
    if any(len(of_one) != 1 for of_one in keys.values()) or len(set.union(*keys.values())) != count:
        raise SystemExit(f"seed {seed}: the keys of one failure differ, or two failures share one")
    print(f"{count} mails over {CONNECTIONS} connections in {seconds:.1f} s, {kills} times killed, {lines - count} records twice")


with tempfile.TemporaryDirectory() as place:
    main(pathlib.Path(place))
