"""Restoring: into an empty database, or in the place of the live one; else nothing changes."""

from pathlib import Path

import pytest
from alembic.command import downgrade
from alembic.config import Config
from flask import Flask
from psycopg import errors
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.backup.conftest import Desk, address, rows, there
from wholesale.audit.models import AuditEntry
from wholesale.backup import databases, operations, restoring, store
from wholesale.backup.address import Address
from wholesale.backup.errors import BackupError
from wholesale.config import ROOT
from wholesale.customers.models import Organization
from wholesale.extensions import db
from wholesale.maintenance.models import MaintenanceWindow
from wholesale.system.schema import is_behind


def test_into_a_database_that_is_made_for_it(desk: Desk, unmade: Address):
    desk.make()
    before = rows(desk.live)
    done = desk.run("restore", "latest", "--into", unmade.name)
    assert done.exit_code == 0, done.output
    assert "flask sessions revoke --all" in done.stdout
    assert {k: v for k, v in rows(unmade).items() if "audit" not in k} == {
        k: v for k, v in before.items() if "audit" not in k
    }  # the trail went on: it says that a backup was made
    assert "is not empty" in desk.refused("restore", "latest", "--into", unmade.name)
    with unmade.connection() as connection:
        for query in ("DELETE FROM audit_entries", "UPDATE audit_chain SET hash = ''"):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(query)
        connection.execute("SELECT next_document_number('O', 2026)")
        connection.execute("SET search_path = procrastinate")
        connection.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


def test_elsewhere_when_the_live_server_is_lost_and_for_another_owner(
    desk: Desk, app: Flask, empty: Address, monkeypatch: pytest.MonkeyPatch
):
    one = desk.make()
    desk.rewrite(one, owner="somebody_else", roles=["somebody_else"])
    lost = "postgresql+psycopg://boss@127.0.0.1:1/shop"
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", lost)
    assert "Connection refused" in desk.refused("restore", one.name)
    done = desk.run("restore", one.name, "--into", address(empty))
    assert done.exit_code == 0, done.output
    query = (
        "SELECT has_table_privilege('audit_entries', 'DELETE'),"
        " has_table_privilege('audit_entries', 'INSERT'), has_table_privilege('users', 'DELETE')"
    )
    with empty.connection() as connection:
        found = connection.execute(query).fetchone()
        is_superuser = connection.info.parameter_status("is_superuser") == "on"
        assert found == (is_superuser, True, True)
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("DELETE FROM audit_entries")


def test_the_live_database_is_refused_by_whatever_name(desk: Desk):
    desk.make()
    before = rows(desk.live)
    for target in ([], ["--into", desk.live.name], ["--into", address(desk.live)]):
        assert "is the live database and holds data" in desk.refused("restore", "latest", *target)
    typed = desk.run("restore", "latest", "--replace-live", input="wrong\n")
    assert "People may write meanwhile" in typed.output
    assert typed.exit_code == 1
    assert "That is not its name" in typed.stderr
    assert rows(desk.live) == before
    assert there(desk.live) == set()


def test_a_failure_leaves_an_empty_database_empty(desk: Desk, empty: Address):
    one = desk.make()
    desk.rewrite(one, rows=one.known().rows | {"public.users": 99})
    assert "99 when backed up" in desk.refused("restore", one.name, "--into", address(empty))
    assert databases.is_empty(empty)


def test_the_live_one_is_replaced_at_once_and_kept_beside(house: Desk):
    one = house.make()
    with house.live.connection() as connection:
        connection.execute(f"ALTER DATABASE {house.live.name} SET work_mem = '7MB'")
    with house.app.app_context():
        engine = db.engine
    later = select(Organization).where(Organization.name == "After the backup")
    with Session(engine) as session:
        session.add(Organization(name="After the backup"))
        session.add(MaintenanceWindow(message="We restore", is_read_only=True))
        session.commit()
        assert session.scalar(later)
    assert engine.pool.checkedin()  # connections stay open, as those of web do
    done = house.run("restore", one.name, "--replace-live", input=f"{house.live.name}\n")
    assert done.exit_code == 0, done.output
    with Session(engine) as session:  # the pool finds the new one by itself
        assert session.scalar(later) is None
        assert session.scalar(select(MaintenanceWindow.message)) == "We restore"  # still
        assert session.scalar(text("SHOW work_mem")) == "7MB"
        entry = session.scalar(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))
        assert entry and entry.action == "restored a backup"
    engine.dispose()
    (former,) = there(house.live)
    assert f"The former database is kept as {former}" in done.stdout
    assert '"After the backup"' in str(rows(house.live.named(former))["public.organizations"])


def test_what_fails_on_the_way_leaves_the_live_one_as_it_was(
    house: Desk, monkeypatch: pytest.MonkeyPatch
):
    one = house.make()
    before = rows(house.live)
    databases.create(databases.passing(house.live, "new"))  # by a run that was killed
    with house.live.connection() as connection:
        connection.execute("UPDATE users SET is_active = false WHERE role = 'admin'")
    broken = house.make()
    assert "break a rule" in house.refused("restore", broken.name, "--replace-live", "--yes")
    with databases.replacing(house.live):
        line = house.refused("restore", one.name, "--replace-live", "--yes")
    assert "Somebody else is replacing" in line
    with pytest.raises(BackupError):  # the second of two renames fails
        databases.swap(house.live, house.live.named("never_made"), house.live.named("aside"))
    assert there(house.live) == set()
    assert rows(house.live)["public.orders"] == before["public.orders"]


def test_an_older_schema_is_brought_forward(
    house: Desk, empty: Address, app: Flask, tmp_path: Path
):
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with house.app.app_context(), house.live.engine() as engine:
        config.attributes["engine"] = engine
        downgrade(config, "-1")
        db.engine.dispose()
    one = operations.create(house.live, tmp_path, "test")
    assert is_behind(restoring.heads(one.known()))
    with app.app_context():
        outcome = restoring.into(store.entry(one.path), empty)
        assert outcome.brought_forward
        assert restoring.examine(empty) == []
