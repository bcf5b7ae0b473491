"""Databases of the tests' own: made empty, dropped afterwards, left-overs of killed runs too."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import ProgrammingError

PREFIX = "wholesale_test_"


@contextmanager
def own_database(server_url: str, name: str) -> Iterator[str]:
    """Make an empty database and return its address; it is gone when the block ends."""
    database = f"{PREFIX}{os.getpid()}_{name}"
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        _drop_left_over(connection)
        connection.execute(text(f"CREATE DATABASE {database}"))
    yield admin.url.set(database=database).render_as_string(hide_password=False)
    with admin.connect() as connection:
        _drop(connection, database)
    admin.dispose()


def _drop(connection: Connection, database: str) -> None:
    """Drop a database; the server's own vacuum may be at work in it for a moment."""
    for _ in range(50):
        try:
            connection.execute(text(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)"))
            return
        except ProgrammingError:
            time.sleep(0.2)


def _drop_left_over(connection: Connection) -> None:
    query = "SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)"
    for name in connection.scalars(text(query), {"prefix": PREFIX}).all():
        process = name.removeprefix(PREFIX).split("_")[0]
        if process.isdigit() and not os.path.exists(f"/proc/{process}"):
            _drop(connection, name)
