"""An LMTP client for the tests, over a Unix socket or a port."""
import pathlib
import queue
import socket
import subprocess
import time


class Refused(Exception):
    pass


class Client:
    def __init__(self, address, timeout=30):
        if isinstance(address, tuple):
            self.socket = socket.create_connection(address, timeout)
        else:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(timeout)
            self.socket.connect(str(address))
        self.file = self.socket.makefile("rb")

    def reply(self):
        """The last line of one reply; '' when the server has gone."""
        while True:
            line = self.file.readline().decode()
            if line[3:4] != "-":
                return line.rstrip("\r\n")

    def command(self, line):
        self.socket.sendall(line.encode() + b"\r\n")
        return self.reply()

    def open(self):
        for got in (self.reply(), self.command("LHLO client.example")):
            if got[:1] != "2":
                raise Refused(got)
        return self

    def send(self, mail, recipients=("bounces@list.example",), sender=""):
        """The reply to each recipient."""
        lines = [f"MAIL FROM:<{sender}>", *(f"RCPT TO:<{r}>" for r in recipients), "DATA"]
        self.socket.sendall("".join(line + "\r\n" for line in lines).encode())
        replies = [self.reply() for _ in lines]
        if replies[-1][:3] != "354":
            raise Refused(replies)
        body = b"\r\n".join(b"." + line if line[:1] == b"." else line for line in mail.split(b"\n"))
        self.socket.sendall(body + (b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n"))
        return [self.reply() for _ in recipients]

    def close(self):
        self.file.close()
        self.socket.close()


class Server:
    """retour lmtp at a Unix socket in a folder."""

    def __init__(self, program, folder, *options, environment=None, listen=None):
        self.socket = pathlib.Path(folder) / "socket"
        self.process = subprocess.Popen([program, *(listen or ["--listen", self.socket]), *options], env=environment,
                                        stderr=open(pathlib.Path(folder) / "errors", "ab"))
        self.await_socket()

    def await_socket(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                probe = socket.socket(socket.AF_UNIX)
                probe.connect(str(self.socket))
                # Until it has gone it counts.
                probe.shutdown(socket.SHUT_WR)
                while probe.recv(4096):
                    pass
                probe.close()
                return
            except OSError:
                time.sleep(0.005)
            if self.process.poll() is not None:
                return
        raise SystemExit("the server does not listen")

    def client(self):
        return Client(self.socket).open()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        self.process.terminate()
        return self.process.wait(30)


def send_all(server, todo, accepted, make):
    """Sends the mail that make gives for each number of the queue todo, until it is accepted, whatever becomes of the server."""
    client = None
    while True:
        try:
            n = todo.get_nowait()
        except queue.Empty:
            return
        while n not in accepted:
            try:
                client = client or Client(server.socket).open()
                if client.send(make(n))[0][:3] == "250":
                    accepted.add(n)
            except (OSError, Refused):
                client = None
                time.sleep(0.002)
