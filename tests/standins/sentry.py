"""A stand-in for Sentry: takes what its client sends, and keeps the events."""

import gzip
import json
from typing import Any

import brotli

from tests.standins.server import Call, Reply, StandIn

KEY = "sentry-key-canary"
UNPACKED = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}


class Sentry(StandIn):
    """Answers ``POST /api/1/envelope/``; ``events`` are those that it took."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[dict[str, Any]] = []

    @property
    def dsn(self) -> str:
        """The address that a project of the service is given."""
        return self.url.replace("://", f"://{KEY}@") + "/1"

    def answer(self, call: Call) -> Reply:
        """Take an envelope: lines of JSON, each event after a line that tells of it."""
        if (call.method, call.path) != ("POST", "/api/1/envelope/"):
            return Reply(404)
        body = UNPACKED[call.headers["Content-Encoding"]](call.body)
        parts = [json.loads(line) for line in body.splitlines() if line]
        for head, item in zip(parts[1::2], parts[2::2], strict=True):
            if head["type"] == "event":
                self.events.append(item)
        return Reply(body=b"{}")
