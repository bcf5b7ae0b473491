"""The backup commands on the tests' database, and databases to restore into."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from click.testing import Result
from flask import Flask

from tests.cast import Cast
from tests.databases import PREFIX, own_database
from wholesale import create_app
from wholesale.backup import databases, restoring, store
from wholesale.backup.address import Address
from wholesale.backup.commands import backup
from wholesale.backup.store import Backup
from wholesale.config import Settings


@dataclass
class Desk:
    """Runs ``flask backup`` with a folder of its own."""

    app: Flask
    folder: Path

    def run(self, *words: str, input: str | None = None) -> Result:
        """Run one command as the operator."""
        return self.app.test_cli_runner().invoke(backup, list(words), input=input)

    def make(self) -> Backup:
        """Make a backup and return it."""
        done = self.run("create")
        assert done.exit_code == 0, done.output
        return self.newest

    def refused(self, *words: str, input: str | None = None, code: int = 1) -> str:
        """Run a command that is refused, and return the one line that says why."""
        done = self.run(*words, input=input)
        assert done.exit_code == code, done.output
        lines = done.stderr.splitlines()
        assert len(lines) == 1, done.stderr
        return lines[0]

    @property
    def newest(self) -> Backup:
        """The backup that was made last."""
        return store.entries(self.folder)[0]

    @property
    def live(self) -> Address:
        """Where the application's database is."""
        return Address.of(self.app.config["SQLALCHEMY_DATABASE_URI"])

    def rewrite(self, one: Backup, **values: Any) -> None:
        """Change what a backup's manifest says."""
        assert one.manifest
        store.write_manifest(one.path, replace(one.manifest, **values))


@pytest.fixture
def desk(app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The backup commands on a database with the cast in it."""
    monkeypatch.setitem(app.config, "BACKUP_DIR", str(tmp_path / "backups"))
    return Desk(app, tmp_path / "backups")


@pytest.fixture
def empty(server_url: str, worker_id: str) -> Iterator[Address]:
    """An empty database."""
    with own_database(server_url, f"empty_{worker_id}") as url:
        yield Address.of(url)


@pytest.fixture
def unmade(server_url: str, worker_id: str) -> Iterator[Address]:
    """The address of a database that is not there; dropped at the end, should it be then."""
    place = Address.of(server_url).named(f"{PREFIX}{os.getpid()}_new_{worker_id}")
    yield place
    for name in there(place) | {place.name}:
        databases.drop(place.named(name))


@pytest.fixture
def house(desk: Desk, unmade: Address) -> Desk:
    """A live database of its own, restored from the tests'."""
    restoring.into(desk.make(), unmade)
    url = address(unmade).replace("postgresql", "postgresql+psycopg", 1)
    app = create_app(Settings(app_env="test", database_url=url, session_secret="s"))
    app.config["BACKUP_DIR"] = str(desk.folder / "house")
    return Desk(app, desk.folder / "house")


def rows(place: Address) -> dict[str, list[str]]:
    """Return every row of every table of ours, as text."""
    with place.connection() as connection:
        return {
            one.name: [
                text
                for (text,) in connection.execute(
                    f"SELECT to_jsonb(t)::text FROM {one.name} t ORDER BY 1"
                )
            ]
            for one in databases.relations(connection)
            if one.is_kept
        }


def there(place: Address) -> set[str]:
    """Return the names of the databases beside ``place`` that carry its name."""
    with databases.maintenance(place) as admin:
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        return {name for (name,) in admin.execute(query, [place.name])} - {place.name}


def address(place: Address, **options: str) -> str:
    """Return a database's address as an operator writes it."""
    settings = {k: str(v) for k, v in place.settings.items()} | options
    return "postgresql:///" + settings.pop("dbname") + "?" + urlencode(settings, quote_via=quote)
