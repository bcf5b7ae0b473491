"""Whether connections may write: set on each as it is taken from the pool.

The database itself then refuses writes (``default_transaction_read_only``), so that pages,
jobs and commands obey alike. A transaction under way is left to end.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from flask import g
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError

KEY = "is_read_only"
IsOn = Callable[[psycopg.Connection], bool]


@contextmanager
def let_write() -> Iterator[None]:
    """Let transactions that begin in this block write, whatever the maintenance.

    For what has to go on: sessions and sign-ins, counts of tries, migrations, the switch itself.
    Needs an application context.
    """
    before = g.get("lets_write", False)
    g.lets_write = True
    try:
        yield
    finally:
        g.lets_write = before


def watch(engine: Engine, is_on: IsOn) -> None:
    """Ask ``is_on`` for every connection that ``engine`` hands out, and set its mode."""

    @event.listens_for(engine, "checkout")
    def set_mode(connection: psycopg.Connection, record: Any, _: Any) -> None:
        try:
            wanted = is_on(connection) and not (g and g.get("lets_write"))
            if record.info.get(KEY, False) is not wanted:
                mode = b"on" if wanted else b"off"
                run(connection, b"SET default_transaction_read_only = " + mode)
                record.info[KEY] = wanted
            if connection.read_only is not None:  # left by whoever read one snapshot with it
                connection.read_only = None  # transactions go by the default
        except psycopg.OperationalError:
            if not connection.closed:
                raise  # nobody knows whether it may write
            # One that has died fails at its first statement, as the caller expects it.


def is_on(engine: Engine) -> bool:
    """Tell whether the database takes no writes now."""
    with engine.connect() as connection:
        return bool(connection.info.get(KEY))


def run(connection: psycopg.Connection, statement: bytes) -> list[tuple[Any, ...]]:
    """Run a statement on a bare connection in a transaction of its own; return its rows."""
    before = connection.autocommit
    connection.autocommit = True
    try:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []
    finally:
        connection.autocommit = before


def is_refusal(error: BaseException | None) -> bool:
    """Tell whether the database refused a write because it takes none."""
    refused = psycopg.errors.ReadOnlySqlTransaction
    return isinstance(error, refused) or (
        isinstance(error, DBAPIError) and isinstance(error.orig, refused)
    )
