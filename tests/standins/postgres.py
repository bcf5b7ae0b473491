"""A stand-in that greets as PostgreSQL does: one too old, or one that refuses the password."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ASKS_FOR_TLS = (80877103, 80877104)  # SSLRequest, GSSENCRequest


@contextmanager
def greeting(version: str = "", refusal: str = "") -> Iterator[str]:
    """Serve the greeting of a server of ``version``, or its ``refusal``; gives the address."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while True:
                size, code = struct.unpack("!II", self.request.recv(8))
                if code not in ASKS_FOR_TLS:
                    break
                self.request.sendall(b"N")
            self.request.recv(size - 8)
            if refusal:
                fields = f"SFATAL\0VFATAL\0C28P01\0M{refusal}\0\0"
                self.request.sendall(message(b"E", fields.encode()))
                return
            told = f"server_version\0{version}\0".encode()
            ready = message(b"K", struct.pack("!II", 1, 1)) + message(b"Z", b"I")
            self.request.sendall(message(b"R", struct.pack("!I", 0)) + message(b"S", told) + ready)
            self.request.recv(1000)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"postgresql+psycopg://shop:pass-canary@127.0.0.1:{server.server_address[1]}/shop"
        server.shutdown()


def message(kind: bytes, body: bytes) -> bytes:
    """Return one message of the protocol."""
    return kind + struct.pack("!I", len(body) + 4) + body
