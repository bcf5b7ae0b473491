"""What this process knows of the windows: asked once a second, since every request needs it."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from flask import current_app

from wholesale.core.clock import now
from wholesale.maintenance.models import Mode
from wholesale.read_only import run

FRESH = 1.0  # seconds after which another process's switch is seen here
AHEAD = timedelta(hours=24)  # how long before its start a window is announced on the pages
QUERY = b"""
SELECT starts_at, ends_at, message, is_read_only FROM maintenance_windows
WHERE ends_at IS NULL OR ends_at > now() ORDER BY starts_at, id
"""


@dataclass(frozen=True)
class Window:
    """A window as the pages and the connections need it."""

    starts_at: datetime
    ends_at: datetime | None
    message: str
    is_read_only: bool

    def covers(self, moment: datetime) -> bool:
        """Tell whether the window is on at ``moment``."""
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)

    @property
    def is_on(self) -> bool:
        """Whether it has begun."""
        return self.covers(now())

    @property
    def sentence(self) -> str:
        """The message with its full stop."""
        return self.message if self.message[-1] in ".!?" else f"{self.message}."


class Known:
    """The windows that are on or to come, as last read by this process."""

    def __init__(self) -> None:
        self.windows: tuple[Window, ...] = ()
        self._read_at: float | None = None
        self._asking = threading.Lock()

    def forget(self) -> None:
        """Read them anew with the next connection: they were changed here."""
        self._read_at = None

    def is_read_only(self, connection: psycopg.Connection) -> bool:
        """Tell whether the database takes no writes now, from what it says itself."""
        # One thread asks, the others go by what is known; before anything is, they wait.
        if self._is_old and self._asking.acquire(blocking=self._read_at is None):
            try:
                if self._is_old:
                    self._read(connection)
            finally:
                self._asking.release()
        return self.mode is Mode.READ_ONLY

    @property
    def _is_old(self) -> bool:
        return self._read_at is None or time.monotonic() - self._read_at > FRESH

    def _read(self, connection: psycopg.Connection) -> None:
        try:
            self.windows = tuple(Window(*row) for row in run(connection, QUERY))
        except psycopg.errors.UndefinedTable:
            self.windows = ()  # the migration that makes it is still to come
        self._read_at = time.monotonic()

    @property
    def active(self) -> Window | None:
        """The window that is on, the strictest if there are several."""
        return max(self._on(), key=lambda window: window.is_read_only, default=None)

    @property
    def mode(self) -> Mode:
        """What is on at this moment; a window begins and ends by itself."""
        window = self.active
        if window is None:
            return Mode.OFF
        return Mode.READ_ONLY if window.is_read_only else Mode.ON

    @property
    def shown(self) -> Window | None:
        """The window that pages tell of: the one that is on, or the next within a day."""
        moment = now()
        coming = (w for w in self.windows if moment < w.starts_at <= moment + AHEAD)
        return self.active or next(coming, None)

    def _on(self) -> Iterable[Window]:
        moment = now()
        return [window for window in self.windows if window.covers(moment)]


def known() -> Known:
    """Return what this process knows."""
    found: Known = current_app.extensions["maintenance"]
    return found
