# SPDX-License-Identifier: BSD-2-Clause
"""A real HTTPS server on the loopback interface that answers as it is told, and keeps what it was asked."""
import http.server
import ssl
import subprocess
import threading
import time


class Server:
    def __init__(self, folder, place=("127.0.0.1", 0), names="DNS:localhost,IP:127.0.0.1"):
        """With a certificate of its own for these names."""
        self.certificate = folder / "server.pem"
        key = folder / "server.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", f"subjectAltName={names}", "-keyout", key, "-out", self.certificate],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.requests = []   # (method, path, headers, body)
        self.answers = []    # what the next requests get; then 200
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                server.requests.append((self.command, self.path, self.headers, body))
                kind = server.answers.pop(0) if server.answers else 200
                if callable(kind):
                    kind = kind(self)
                self.close_connection = True
                if isinstance(kind, int):
                    self.reply(kind)
                elif kind:
                    getattr(self, kind.replace(" ", "_"))()

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def reply(self, status, body=b"", **headers):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                if status != 204:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def time_out(self):
                server.ended.wait(20)

            def half_answer(self):
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of")

            def half_head(self):
                self.wfile.write(b"HTTP/1.1 200 O")

            def nothing(self):
                pass

            def slow_body(self):
                self.send_response(200)
                self.send_header("Content-Length", "1000000")
                self.end_headers()
                try:
                    while not server.ended.wait(0.1):
                        self.wfile.write(b".")
                        self.wfile.flush()
                except OSError:
                    pass

            def redirect(self):
                self.reply(302, Location="/elsewhere")

            def later(self):
                self.reply(429, b"too fast", Retry_After="7200")

            def large(self):
                self.reply(200, b"x" * 2_000_000)

            def garbage(self):
                self.wfile.write(b"220 mx.example ESMTP\r\n")

            def log_message(self, *_):
                pass

        self.ended = threading.Event()
        self.http = http.server.ThreadingHTTPServer(place, Handler)
        self.http.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.http.socket = context.wrap_socket(self.http.socket, server_side=True, do_handshake_on_connect=False)
        self.http.handle_error = lambda *_: None
        self.port = self.http.server_address[1]
        self.url = f"https://localhost:{self.port}"
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    def take(self):
        """What was asked since the last time."""
        taken, self.requests = self.requests, []
        return taken

    def close(self):
        self.ended.set()
        self.http.shutdown()
        self.http.server_close()
