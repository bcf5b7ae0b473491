"""Backups are made whole or not at all, of one moment, and nobody else can read them."""

import json
import resource
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.backup.conftest import Desk, address
from wholesale.audit.models import AuditEntry
from wholesale.backup import programs, store
from wholesale.backup.address import Address
from wholesale.backup.errors import BackupError
from wholesale.customers.models import Organization
from wholesale.jobs.queue import defer


def test_a_backup_is_told_by_its_name_and_its_manifest(desk: Desk, session: Session):
    told = json.loads(desk.run("create", "--json").stdout)
    path = Path(told["path"])
    assert path.parent == desk.folder
    assert path.name.startswith(f"{datetime.now(UTC):%Y%m%dT%H}")
    assert path.name.endswith(f"Z-{told['schema']}.dump")
    assert told["rows"]["public.users"] == 7
    assert "procrastinate.procrastinate_jobs" in told["rows"]
    assert told["size"] == path.stat().st_size
    assert told["sha256"] == store.checksum(path)
    assert told["database"] == desk.live.name
    assert {f"{one.stat().st_mode & 0o777:o}" for one in desk.folder.iterdir()} == {"600"}
    assert f"{desk.folder.stat().st_mode & 0o777:o}" == "700"
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry and (entry.action, entry.entity_id) == ("made a backup", told["name"])


def test_the_list_shows_the_newest_first_and_says_what_is_not_in_it(desk: Desk):
    first, second = desk.make(), desk.make()
    listed = desk.run("list")
    assert listed.exit_code == 0
    assert "never" in listed.stdout
    assert "Files kept with records are not in a backup" in listed.stdout
    assert [one["name"] for one in json.loads(desk.run("list", "--json").stdout)] == [
        second.name,
        first.name,
    ]


def test_while_people_write_rows_are_counted_and_dumped_at_one_moment(desk: Desk, engine):
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with Session(engine) as session:
                session.add(Organization(name="Busy"))
                session.commit()

    with ThreadPoolExecutor() as beside:
        writing = beside.submit(write)
        one = desk.make()
        stop.set()
    writing.result()
    verified = desk.run("verify")  # which compares the rows
    assert verified.exit_code == 0, verified.output
    assert one.known().rows["public.organizations"] > 2


def test_two_at_once_make_two_backups(desk: Desk):
    with ThreadPoolExecutor() as both:
        made = list(both.map(lambda _: desk.run("create").exit_code, range(2)))
    assert made == [0, 0]
    found = store.entries(desk.folder)
    assert len(found) == 2
    for one in found:
        store.check_whole(one)


def test_a_full_disk_is_one_line_and_leaves_nothing_of_it(desk: Desk):
    older = desk.make()
    before = {path: path.stat().st_size for path in desk.folder.iterdir()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        line = desk.refused("create")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "could not write" in line or "too large" in line
    assert {path: path.stat().st_size for path in desk.folder.iterdir()} == before
    store.check_whole(older)
    assert "No backup was made in /dev/null" in desk.refused("create", "--to", "/dev/null")


def test_what_a_killed_run_left_is_removed_by_the_next(desk: Desk):
    desk.folder.mkdir()
    left = desk.folder / "20260101T000000Z-0001.dump.part"
    left.write_bytes(b"half")
    with store.draft(desk.folder, "running") as running:
        desk.make()
        assert not left.exists()
        assert running.part.exists()


def test_a_server_that_is_newer_than_every_program_is_told():
    with pytest.raises(BackupError, match="PostgreSQL 99, and no pg_dump .* postgresql-client-99"):
        programs.program("pg_dump", 99)


def test_a_password_is_in_no_command_line_and_no_message(desk: Desk, app: Flask, monkeypatch):
    url = "postgresql+psycopg://boss:s3cret-word@127.0.0.1:1/shop?sslmode=disable"
    place = Address.of(url)
    assert place.environment()["PGPASSWORD"] == "s3cret-word"
    assert place.environment()["PGSSLMODE"] == "disable"
    assert "s3cret" not in repr(place) + place.argument()
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", url)
    for command in ("create", "verify", "restore latest"):
        line = desk.refused(*command.split())
        assert "s3cret" not in line
    assert not list(desk.folder.glob("*.dump*"))


def test_an_unreachable_database_and_one_that_is_not_ours_are_told(
    desk: Desk, app: Flask, empty: Address, monkeypatch: pytest.MonkeyPatch
):
    wrong = "postgresql+psycopg://boss@127.0.0.1:1/shop"
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", wrong)
    assert "Connection refused" in desk.refused("create")
    url = address(empty)
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", url)
    assert "not a database of WholesaleOS" in desk.refused("create")


def test_the_nightly_job_makes_one_where_a_folder_is_set(
    desk: Desk, app: Flask, session: Session, work: Callable[[], int], monkeypatch
):
    defer(session, "backup.nightly")
    session.commit()
    assert work() == 1
    assert desk.newest.known().created_by == "nightly job"
    monkeypatch.setitem(app.config, "BACKUP_DIR", None)
    defer(session, "backup.nightly")
    session.commit()
    assert work() == 1
    assert len(store.entries(desk.folder)) == 1
    noted = select(func.count()).where(AuditEntry.entity_id == desk.newest.name)
    assert session.scalar(noted) == 1
