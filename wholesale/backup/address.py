"""Where a database is: told to libpq, its programs and SQLAlchemy, its password shown to nobody."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from wholesale.backup.errors import BackupError, telling

# A dump takes its time: what is set for requests does not hold here.
PATIENCE = (
    "SELECT set_config(name, value, false) FROM (VALUES ('statement_timeout', '0'),"
    " ('lock_timeout', '0'), ('idle_in_transaction_session_timeout', '0'),"
    " ('timezone', 'UTC')) AS s (name, value)"
)
KEPT = ("PATH", "HOME", "TMPDIR")


@dataclass(frozen=True)
class Address:
    """One database, as libpq's own keywords say it."""

    settings: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, url: str) -> "Address":
        """Read a ``postgresql://`` address, with or without SQLAlchemy's driver.

        Raises BackupError when it is none.
        """
        try:
            parts = make_url(url.replace("postgres://", "postgresql://", 1))
            if parts.get_backend_name() != "postgresql" or not parts.database:
                raise BackupError("An address looks like postgresql://user@host/database.")
            named: dict[str, Any] = dict(parts.query)
            named |= parts.translate_connect_args(username="user", database="dbname")
            return cls(conninfo_to_dict(make_conninfo(**named)))
        except (ArgumentError, psycopg.Error) as error:
            raise BackupError("An address looks like postgresql://user@host/database.") from error

    @property
    def name(self) -> str:
        """The database's name."""
        return str(self.settings["dbname"])

    def named(self, database: str) -> "Address":
        """Return the address of another database on the same server, as the same user."""
        return replace(self, settings={**self.settings, "dbname": database})

    def environment(self) -> dict[str, str]:
        """Return the environment of a PostgreSQL program: the address in it, none of our secrets.

        A password on a command line could be read by everybody on the machine.
        """
        own = {k: v for k, v in os.environ.items() if k in KEPT or k.startswith("PG")}
        names = {
            option.keyword.decode(): option.envvar.decode()
            for option in pq.Conninfo.get_defaults()
            if option.envvar
        }
        told = {names[key]: str(v) for key, v in self.settings.items() if key in names and v}
        return own | told | {"LC_ALL": "C", "PGAPPNAME": "wholesale backup"}

    def argument(self) -> str:
        """Return how ``--dbname`` names the database alone."""
        return make_conninfo(dbname=self.name)

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        """Give a connection that commits each statement and waits as long as it takes.

        Raises BackupError, in one line, for whatever the database refuses within the block.
        """
        with telling(self.name), psycopg.connect(**self._options()) as connection:
            connection.execute(PATIENCE)
            yield connection

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Give SQLAlchemy's way to the same database."""
        made = create_engine(
            "postgresql+psycopg://",
            creator=lambda: psycopg.connect(**self._options() | {"autocommit": False}),
            poolclass=NullPool,
            hide_parameters=True,
        )
        try:
            yield made
        finally:
            made.dispose()

    def _options(self) -> dict[str, Any]:
        asked = {"connect_timeout": 10, "application_name": "wholesale backup"}
        return asked | {"autocommit": True} | dict(self.settings)
