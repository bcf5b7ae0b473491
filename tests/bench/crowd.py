"""Measures many people at once, over HTTP, at the server as ``make run`` starts it."""

import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from urllib.parse import urlencode, urlsplit

from flask import Flask

from tests.bench.documents import LENGTHS, copied, full_order
from tests.bench.measure import Measured
from tests.cast import Cast
from tests.test_run import serving
from tests.visitor import Visitor, hx
from wholesale.extensions import db

USERS = (1, 10, 50)
SECONDS, THINK = 8, 1.0  # each measures so long; a person waits so long between two clicks
SECRET = "bench"

Request = tuple[str, str, dict[str, str] | None]


@dataclass
class Person:
    """One person at a browser, with orders of their own of each length."""

    cookie: str
    csrf: str
    orders: dict[int, tuple[str, list[int]]]

    def saving(self, lines: int, cells: int) -> Callable[[], Request]:
        """Return a call that gives the next save of ``cells`` lines of an order of ``lines``."""
        ref, keys = self.orders[lines]
        numbers = count(1)

        def save() -> Request:
            number = str(next(numbers))
            return "POST", f"/orders/{ref}/lines", {f"q.{key}.M": number for key in keys[:cells]}

        return save

    def opening(self, url: str) -> Callable[[], Request]:
        """Return a call that gives the same page each time."""
        return lambda: ("GET", url, None)


def kinds(person: Person) -> dict[str, Callable[[], Request]]:
    """Return what ``person`` does, by what it is called in the report."""
    found = {
        "list": person.opening("/orders"),
        "search": person.opening("/orders?q=cedar+haven+college"),
        "open, 50 lines": person.opening(f"/orders/{person.orders[50][0]}"),
        "open, 500 lines": person.opening(f"/orders/{person.orders[500][0]}"),
        "edit a cell, 200 lines": person.saving(200, 1),
    }
    for lines in LENGTHS:
        found[f"save the grid, {lines} line{'s' if lines > 1 else ''}"] = person.saving(
            lines, lines
        )
    return found


def measure_crowds(app: Flask, cast: Cast, database_url: str) -> dict[int, list[Measured]]:
    """Return what each kind of request takes for each number of people at once."""
    with app.app_context():
        people = list(_people(app, cast))
    env = {"DATABASE_URL": database_url, "SESSION_SECRET": SECRET, "DEMO": "0"}
    with serving(env, subprocess.DEVNULL) as (_, url):
        return {
            users: [_crowd(url, name, people[:users]) for name in kinds(people[0])]
            for users in USERS
        }


def _people(app: Flask, cast: Cast) -> Iterator[Person]:
    """Sign people in, each with an order of each length."""
    rep = Visitor(app, db.session).signed_in(cast.users["sales"])
    source = full_order(rep, cast)
    for _ in range(max(USERS)):
        visitor = Visitor(app, db.session).signed_in(cast.users["sales"])
        cookie = visitor.client.get_cookie("wholesale")
        assert cookie is not None
        orders = {lines: copied(rep, cast, source, lines) for lines in LENGTHS}
        yield Person(cookie.value, visitor.token(), orders)


def _crowd(url: str, name: str, people: list[Person]) -> Measured:
    """Let ``people`` do the same for a while, each waiting between two clicks."""
    found, lock = Measured(name), threading.Lock()
    until = time.monotonic() + SECONDS

    def work(person: Person) -> None:
        following = kinds(person)[name]
        time.sleep(random.random() * THINK)
        with _connection(url) as connection:
            while time.monotonic() < until:
                took, size = _send(connection, person, *following())
                with lock:
                    found.times.append(took)
                    found.size = size
                time.sleep(random.random() * 2 * THINK)

    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{len(people):>4} at once: {name}", flush=True)
    return found


@contextmanager
def _connection(url: str) -> Iterator[HTTPConnection]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=120)
    yield connection
    connection.close()


def _send(
    connection: HTTPConnection, person: Person, method: str, path: str, form: dict[str, str] | None
) -> tuple[float, int]:
    """Send one request; return its milliseconds up to the last byte, and the bytes."""
    headers = {"Cookie": f"wholesale={person.cookie}"}
    body = None
    if form is not None:
        headers |= hx("main") | {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(form | {"csrf_token": person.csrf})
    start = time.perf_counter()
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    size = len(answer.read())
    took = (time.perf_counter() - start) * 1000
    assert answer.status < 400, f"{path} answered {answer.status}"
    return took, size
