"""An HTTP server in a thread that answers as it is told to, and that can be told to fail."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Call:
    """One request as it came in."""

    method: str
    path: str
    headers: Message
    body: bytes


@dataclass
class Reply:
    """One answer: after ``delay`` seconds, or the connection cut instead."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    cut: bool = False


class StandIn:
    """Keeps the calls it got; answers the queued failures first, then by ``answer``."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.troubles: list[Reply] = []
        self.url = ""

    def answer(self, call: Call) -> Reply:
        """Return the answer of a healthy service to ``call``."""
        raise NotImplementedError

    def fail(self, *replies: Reply) -> None:
        """Give ``replies`` to the next calls, one each, instead of the healthy answer."""
        self.troubles += replies

    def reply(self, call: Call) -> Reply:
        """Note ``call`` and return what it gets."""
        self.calls.append(call)
        return self.troubles.pop(0) if self.troubles else self.answer(call)

    @contextmanager
    def serving(self) -> Iterator["StandIn"]:
        """Serve on a free port of this machine; ``url`` says where."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        server.daemon_threads = True
        self.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()


def _handler(service: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            reply = service.reply(Call(self.command, self.path, self.headers, body))
            time.sleep(reply.delay)
            if reply.cut:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

        def log_message(self, *_: object) -> None:
            """Keep the tests' output clean."""

    return Handler
