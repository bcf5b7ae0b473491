"""The ``web`` process: waitress with the worker beside it, and a stop that cuts nobody off."""

import gc
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from types import FrameType
from typing import Any

import structlog
import waitress
from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

from wholesale import create_app, startup
from wholesale.config import ConfigurationError, Settings
from wholesale.jobs.worker import WorkerThread
from wholesale.reads.buffer import Writer
from wholesale.web import logs

THREADS = 8
TICK = 0.25  # seconds between two looks whether the process is to stop
QUIET = 0.5  # seconds of silence after which a kept connection is closed as the process stops
log = structlog.get_logger("serve")


def main() -> None:
    """Check what the process needs, and serve on ``PORT`` until stopped."""
    logs.configure()
    try:
        settings = Settings.from_env()
        startup.check(settings)
        app = create_app(settings)
    except ConfigurationError as error:
        sys.exit(f"WholesaleOS cannot start: {error}")
    startup.look_at_schema(app)
    serve(app, settings)


def serve(app: Flask, settings: Settings) -> None:
    """Answer requests until SIGTERM or SIGINT; then finish what is under way, and return.

    No longer than ``STOP_SECONDS`` pass between the signal and the end. Ends the process, with
    its reason, when the port is taken.
    """
    logs.take_the_rest()
    server = Server(app, settings)
    worker = WorkerThread(app) if settings.web_worker else None
    if worker:
        worker.start()
    reads = Writer(app)
    reads.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.leave)
    _settle()
    log.info("serving", port=settings.port, process=os.getpid())
    server.run()
    log.info("stopping", requests=server.under_way, seconds=settings.stop_seconds)
    deadline = time.monotonic() + settings.stop_seconds
    last = threading.Timer(settings.stop_seconds + 3, os._exit, (0,))  # whatever holds it up
    last.daemon = True
    last.start()
    if worker:
        worker.leave()
    server.finish(deadline)
    reads.stop()
    if worker and not worker.ended_by(deadline):
        worker.end_process()
    log.info("stopped")


def _settle() -> None:
    """Keep what the application consists of from being looked through for garbage.

    That would hold up one request in seven hundred by a fifth of a second.
    """
    gc.collect()
    gc.freeze()


class Server:
    """Waitress with its sockets in our hands: it alone would cut requests off when told to stop."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.sockets: dict[int, Any] = {}
        self.stopping = threading.Event()
        try:
            self.waitress: Any = waitress.create_server(
                app,
                map=self.sockets,
                listen=f"{_everywhere()}:{settings.port}",
                threads=THREADS,
                clear_untrusted_proxy_headers=False,  # TRUSTED_PROXIES decides, in web/security
            )
        except OSError as error:
            sys.exit(f"WholesaleOS cannot start: port {settings.port}: {error.strerror}.")

    def leave(self, number: int, _: FrameType | None) -> None:
        """Stop soon; a second signal of the kind ends the process at once."""
        signal.signal(number, signal.SIG_DFL)
        self.stopping.set()

    def run(self) -> None:
        """Answer requests until told to leave."""
        while not self.stopping.is_set():
            self._turn(TICK)

    def finish(self, deadline: float) -> None:
        """Take no new connections, and answer what is under way, until ``deadline`` at most."""
        for _ in range(self.waitress.adj.backlog if self.sockets else 0):
            before = len(self.sockets)
            self._turn(0)  # who is connected already is let in
            if len(self.sockets) == before:
                break
        for listener in self._all(BaseWSGIServer):
            wasyncore.dispatcher.close(listener)  # its trigger stays: the threads need it
        while self._all(HTTPChannel) and time.monotonic() < deadline:
            self._turn(TICK / 5)
            for channel in self._all(HTTPChannel):
                if _is_quiet(channel):
                    channel.handle_close()
        if cut := self.under_way:
            log.warning("requests took too long and are cut off", requests=cut)
        self.waitress.task_dispatcher.shutdown(timeout=max(0, deadline - time.monotonic()))

    @property
    def under_way(self) -> int:
        """How many requests are being answered."""
        return sum(len(channel.requests) for channel in self._all(HTTPChannel))

    def _all(self, kind: type) -> list[Any]:
        return [one for one in list(self.sockets.values()) if isinstance(one, kind)]

    def _turn(self, seconds: float) -> None:
        with suppress(InterruptedError):
            wasyncore.loop(timeout=seconds, map=self.sockets, count=1)


def _everywhere() -> str:
    """Return the name of all addresses of this machine, IPv6 included where it has that."""
    return "*" if socket.has_dualstack_ipv6() else "0.0.0.0"  # noqa: S104


def _is_quiet(channel: HTTPChannel) -> bool:
    """Tell whether nothing is being read, answered or sent, and has not been for a moment."""
    busy = channel.requests or channel.request is not None or channel.total_outbufs_len
    return not busy and time.time() - channel.last_activity > QUIET


if __name__ == "__main__":
    main()
