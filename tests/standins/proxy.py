"""A reverse proxy before several web processes: each in turn, the next one when one is gone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import urlsplit

ONE_HOP = {"connection", "keep-alive", "transfer-encoding", "host"}


@contextmanager
def proxied(*backends: str) -> Iterator[str]:
    """Serve ``backends`` behind one address, which the block is given."""
    turn = count()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            first = next(turn)
            for place in range(len(backends)):
                backend = backends[(first + place) % len(backends)]
                connection = HTTPConnection(urlsplit(backend).netloc, timeout=60)
                try:
                    connection.request(self.command, self.path, body, self.forwarded())
                    self.hand_on(connection.getresponse())
                    return
                except ConnectionRefusedError:
                    continue  # it has stopped listening: the next one answers
                finally:
                    connection.close()
            self.send_error(502)

        def forwarded(self) -> dict[str, str]:
            kept = {k: v for k, v in self.headers.items() if k.lower() not in ONE_HOP}
            before = self.headers.get("X-Forwarded-For")
            chain = f"{before}, {self.client_address[0]}" if before else self.client_address[0]
            return kept | {"X-Forwarded-For": chain, "X-Forwarded-Host": self.headers["Host"]}

        def hand_on(self, answer: HTTPResponse) -> None:
            text = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ONE_HOP | {"content-length", "date", "server"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = handle_any

        def log_message(self, *_: object) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
