"""A database to try a backup out in: made, used, dropped whatever happens."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from psycopg import Connection, sql

from wholesale.backup import databases
from wholesale.backup.address import Address
from wholesale.backup.errors import BackupError

KIND = "scratch"
MARK = "wholesale_scratch"
LOCK = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"


@contextmanager
def beside(live: Address) -> Iterator[Address]:
    """Give an empty database beside ``live``, dropped at the end with those of killed runs.

    Raises BackupError when it cannot be made.
    """
    place = databases.passing(live, KIND)
    # Whoever uses a scratch database holds a lock of its name: what is not held is left over.
    with databases.maintenance(live) as admin:
        _drop_left_over(admin, live)
        admin.execute(LOCK, [place.name])
        databases.create(place)
        try:
            yield place
        finally:
            databases.drop(place)


def _drop_left_over(admin: Connection, live: Address) -> None:
    for one in databases.left_over(admin, live, KIND):
        if admin.execute(LOCK, [one.name]).fetchone() == (True,):
            with suppress(BackupError):
                databases.drop(one)


@contextmanager
def given(address: Address, live: Address) -> Iterator[Address]:
    """Use an empty database that somebody made for this; it is empty again at the end.

    Raises BackupError when it is the live one, or holds something that is not of a killed run.
    """
    with address.connection() as connection:
        if databases.exists(live) and databases.are_same(address, live):
            raise BackupError("--scratch-url is the live database.")
        query = "SELECT FROM pg_namespace WHERE nspname = %s"
        is_left_over = connection.execute(query, [MARK]).fetchone() is not None
        if not is_left_over and not databases.is_empty(address):
            raise BackupError(f"{address.name} (--scratch-url) is not empty.")
        if connection.execute(LOCK, [MARK]).fetchone() != (True,):
            raise BackupError(f"{address.name} (--scratch-url) is in use by another run.")
        databases.clear(address)
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(MARK)))
        try:
            yield address
        finally:
            databases.clear(address)
