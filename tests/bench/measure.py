"""What one request takes: milliseconds, of them in the database, statements and bytes."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

ROUNDS = 40
P50, P95, P99 = 0.5, 0.95, 0.99


def percentile(times: Sequence[float], part: float) -> float:
    """Return the value below which ``part`` of ``times`` lie; nothing measured is zero."""
    return sorted(times)[min(int(len(times) * part), len(times) - 1)] if times else 0.0


@dataclass
class Measured:
    """What a number of requests of one kind took, in milliseconds."""

    name: str
    times: list[float] = field(default_factory=list)
    sql: list[float] = field(default_factory=list)
    statements: int = 0
    size: int = 0

    def at(self, part: float) -> float:
        """Return the time within which ``part`` of the requests were answered."""
        return percentile(self.times, part)

    def ratio(self, empty: "Measured") -> float:
        """Return how many empty pages one such request takes, in the middle."""
        return self.at(P50) / empty.at(P50)

    def over_bare(self, empty: "Measured") -> float:
        """Return how many times its own SQL and an empty page one request takes, at p95."""
        return self.at(P95) / (percentile(self.sql, P95) + empty.at(P95))


class Database:
    """The time that statements and commits take, as the driver sees it."""

    def __init__(self) -> None:
        self.milliseconds, self.statements, self._since = 0.0, 0, 0.0

    def _begin(self, *_: Any) -> None:
        self._since = time.perf_counter()

    def _end(self, *_: Any) -> None:
        self.milliseconds += (time.perf_counter() - self._since) * 1000
        self.statements += 1

    @contextmanager
    def watched(self, engine: Engine) -> Iterator["Database"]:
        """Count what goes through ``engine`` until the block ends."""
        commit = engine.dialect.do_commit

        def timed_commit(connection: Any) -> None:
            start = time.perf_counter()
            commit(connection)
            self.milliseconds += (time.perf_counter() - start) * 1000

        event.listen(engine, "before_cursor_execute", self._begin)
        event.listen(engine, "after_cursor_execute", self._end)
        engine.dialect.do_commit = timed_commit  # type: ignore[method-assign]
        try:
            yield self
        finally:
            engine.dialect.do_commit = commit  # type: ignore[method-assign]
            event.remove(engine, "before_cursor_execute", self._begin)
            event.remove(engine, "after_cursor_execute", self._end)


def measure(
    engine: Engine, name: str, call: Callable[[], TestResponse], rounds: int = ROUNDS
) -> Measured:
    """Call ``call`` once to warm up and then ``rounds`` times; every answer has to be good."""
    found = Measured(name)
    call()
    for _ in range(rounds):
        with Database().watched(engine) as database:
            start = time.perf_counter()
            answer = call()
            found.size = len(answer.data)
            found.times.append((time.perf_counter() - start) * 1000)
        assert answer.status_code < 400, f"{name} answered {answer.status_code}"
        found.sql.append(database.milliseconds)
        found.statements = database.statements
    return found
