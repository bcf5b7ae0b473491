"""A database with something in every table, and an empty one to import into."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from tests.databases import own_database
from tests.quotes.conftest import link, offer, sent  # noqa: F401 - fixtures
from tests.test_migrations import CATALOG
from tests.transfer.filling import fill
from tests.visitor import Visitor
from wholesale import create_app
from wholesale.config import ROOT, Settings
from wholesale.extensions import db
from wholesale.orders.models import Order
from wholesale.transfer import emptiness
from wholesale.transfer.commands import data

Edit = Callable[[dict[str, Any], dict[str, bytes]], None]
RIGHTS = """
    SELECT concat_ws(' ', relname, relacl) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
"""
TRIGGERS = "SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger"


@pytest.fixture
def filled(rep: Visitor, visit: Callable[[str], Visitor], session: Session, link: str) -> Session:  # noqa: F811
    """A database in which people have worked: a quote sent and decided, an order, a change."""
    session.rollback()
    session.execute(text("UPDATE quote_lines SET notes = 'canary note of a row'"))
    session.commit()
    quote = str(session.scalar(text("SELECT code FROM quotes")))
    rep.post(
        "/orders/new", {"organization_id": _first(session, "organizations"), "key": str(uuid4())}
    )
    order = session.query(Order).one()
    rep.post(f"/orders/{order.ref}/products", {"product_id": _first(session, "products")})
    key = session.scalar(text("SELECT max(id) FROM order_lines"))
    rep.post(f"/orders/{order.ref}/lines", {f"q.{key}.M": "12", "then": "place"})
    assert quote
    fill(session)
    return session


def _first(session: Session, table: str) -> int:
    return int(session.scalar(text(f"SELECT min(id) FROM {table}")) or 0)


@pytest.fixture(scope="package")
def target_app(server_url: str, worker_id: str) -> Iterator[Flask]:
    """An application on a migrated database of its own."""
    with own_database(server_url, f"transfer_{worker_id}") as url:
        app = create_app(Settings(app_env="test", database_url=url, session_secret="s"))
        with app.app_context():
            upgrade(str(ROOT / "migrations"))
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def target(target_app: Flask) -> Engine:
    """The empty database of that application."""
    with target_app.app_context():
        engine = db.engine
    with engine.begin() as connection:
        names = emptiness.lock(connection)
        if emptiness.filled(connection, names):
            emptiness.empty(connection, names)
    return engine


def run(app: Flask, *words: object, answer: str = "") -> Result:
    """Run ``flask data …`` on the database of ``app``."""
    result = app.test_cli_runner().invoke(data, [str(word) for word in words], input=answer)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def dump(app: Flask, filled: Session, tmp_path: Path) -> Path:
    """A dump of the filled database."""
    path = tmp_path / "all.zip"
    result = run(app, "export", path)
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the dump that the tests of bad ones are made of."""
    return tmp_path_factory.mktemp("dumps")


@pytest.fixture
def made(request: pytest.FixtureRequest, shelf: Path, tmp_path: Path) -> Path:
    """A copy of a dump of the filled database, exported once."""
    kept = shelf / "kept.zip"
    if not kept.exists():
        shutil.copy(request.getfixturevalue("dump"), kept)
    return Path(shutil.copy(kept, tmp_path / "made.zip"))


def everything(engine: Engine, *but: str) -> dict[str, Any]:
    """Return every row of every table as text, and all that the database says of its schema."""
    found: dict[str, Any] = {}
    with engine.connect() as connection:
        for name in sorted(set(inspect(connection).get_table_names()) - set(but)):
            rows = connection.scalars(text(f"SELECT t::text FROM {name} t"))
            found[name] = sorted(rows)
        for name, query in CATALOG.items():
            found[f"({name})"] = sorted(connection.scalars(text(query)))
        found["(rights)"] = sorted(connection.scalars(text(RIGHTS)))
        found["(triggers)"] = sorted(
            one for one in connection.scalars(text(TRIGGERS)) if "RI_" not in one
        )
        found["(sequences)"] = sorted(
            tuple(row)
            for row in connection.execute(text("SELECT sequencename, last_value FROM pg_sequences"))
        )
    return found


def members(path: Path) -> dict[str, bytes]:
    """Return all that a dump holds."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def forged(path: Path, edit: Edit) -> Path:
    """Change a dump as ``edit`` does to its manifest and members, with checksums that agree."""
    content = members(path)
    manifest = json.loads(content.pop("manifest.json"))
    edit(manifest, content)
    for table in manifest["tables"]:
        lines = content[f"{table['name']}.ndjson"]
        table |= {"rows": lines.count(b"\n"), "bytes": len(lines)}
        table["sha256"] = hashlib.sha256(lines).hexdigest()
    made = path.with_name("forged.zip")
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in content.items():
            archive.writestr(name, lines)
        archive.writestr("manifest.json", json.dumps(manifest))
    return made
