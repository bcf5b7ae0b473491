"""Reads on their way to the database: counted in memory, written beside the requests."""

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import Engine, func
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from wholesale.extensions import db
from wholesale.read_only import let_write
from wholesale.reads.models import AccessRead

EVERY = 3.0  # seconds between two writes: what a killed process loses at most
MOST = 10_000  # different reads that wait at the same time; some ten megabytes
BATCH = 500
log = structlog.get_logger("reads")


@dataclass(frozen=True)
class Read:
    """What was read, by whom, from where, in which hour."""

    user_id: int | None
    link_id: int | None
    session_id: int | None
    address: str | None
    hour: datetime
    kind: str
    record: str
    detail: str
    way: str


@dataclass
class Count:
    """How often something was read, how many rows that were, and when."""

    first_at: datetime
    last_at: datetime
    times: int = 1
    rows: int = 0

    def add(self, other: "Count") -> None:
        """Add what was counted elsewhere of the same read."""
        self.first_at = min(self.first_at, other.first_at)
        self.last_at = max(self.last_at, other.last_at)
        self.times += other.times
        self.rows += other.rows


class Buffer:
    """Counts reads until they are written; never waits for the database, never grows beyond."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.waiting: dict[Read, Count] = {}
        self.lock = threading.Lock()
        self.is_full = False

    def add(self, read: Read, count: Count) -> None:
        """Count a read; when too many wait, a new one is dropped, and one line says so."""
        with self.lock:
            known = self.waiting.get(read)
            if known:
                known.add(count)
                return
            dropped = len(self.waiting) >= self.most
            if not dropped:
                self.waiting[read] = count
            told, self.is_full = self.is_full, dropped or self.is_full
        if dropped and not told:
            log.warning("reads are dropped until the database takes them", waiting=self.most)

    def take(self) -> dict[Read, Count]:
        """Return what waits, and wait for nothing any more."""
        with self.lock:
            taken, self.waiting = self.waiting, {}
            return taken

    def flush(self, engine: Engine) -> bool:
        """Write what waits; returns False when the database did not take it: it waits on then."""
        taken = self.take()
        # In one order, so that two processes never wait for each other's rows.
        rows = sorted(taken.items(), key=lambda item: str(item[0]))
        for start in range(0, len(rows), BATCH):
            try:
                _write(engine, rows[start : start + BATCH])
            except (DataError, IntegrityError) as error:
                log.warning("reads are dropped: the database refuses them", error=str(error.orig))
            except SQLAlchemyError:
                for read, count in rows[start:]:
                    self.add(read, count)
                return False
        self.is_full = False
        return True


def _counted() -> Insert:
    """Return the statement that writes a read, or counts it to those of its hour."""
    query = insert(AccessRead)
    new, old = query.excluded, AccessRead
    return query.on_conflict_do_update(
        constraint="uq_access_reads_read",
        set_={
            "times": old.times + new.times,
            "rows": old.rows + new.rows,
            "first_at": func.least(old.first_at, new.first_at),
            "last_at": func.greatest(old.last_at, new.last_at),
        },
    )


COUNTED = _counted()


def _write(engine: Engine, rows: list[tuple[Read, Count]]) -> None:
    values: list[dict[str, Any]] = [vars(read) | vars(count) for read, count in rows]
    with engine.begin() as connection:
        connection.execute(COUNTED, values)


class Writer:
    """The thread that writes a process's reads, every few seconds and at a graceful stop."""

    def __init__(self, app: Flask, every: float = EVERY) -> None:
        self.app, self.every = app, every
        self.buffer: Buffer = app.extensions["reads"]
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._work, name="reads", daemon=True)

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop(self) -> None:
        """Write what waits, and end."""
        self.stopping.set()
        self.thread.join(10)

    def _work(self) -> None:
        is_last = False
        while not is_last:
            is_last = self.stopping.wait(self.every)
            try:
                if self.buffer.waiting:
                    self._flush()
            except Exception:  # whatever it is, the pages go on and so does this
                log.exception("reads could not be written")

    def _flush(self) -> None:
        # Also while nothing else is written: what is read in an incident is to be known.
        with self.app.app_context(), let_write():
            self.buffer.flush(db.engine)
