"""The state of each part at a glance, on a page and on the command line."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.visitor import Visitor
from wholesale.files import gcs
from wholesale.files.gcs import GcsStorage
from wholesale.system.commands import doctor

WORKER = text("INSERT INTO procrastinate.procrastinate_workers (last_heartbeat) VALUES (now())")
DEAD = text(
    "INSERT INTO procrastinate.procrastinate_jobs (queue_name, task_name, status)"
    " VALUES ('default', 'mail.send', 'failed')"
)


def told(app: Flask) -> tuple[int, dict[str, dict[str, object]]]:
    """Return the exit code of ``flask doctor`` and what it says of each part."""
    done = app.test_cli_runner().invoke(doctor, ["--json"])
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return done.exit_code, {part["name"]: part for part in map(json.loads, lines)}


def test_all_is_well_with_a_worker_and_without_outside_services(app: Flask, session: Session):
    session.execute(WORKER)
    session.commit()
    code, parts = told(app)
    assert code == 0
    assert parts["Database"]["state"] == "well"
    assert parts["Jobs"]["state"] == "well"
    assert parts["Files"]["state"] == "well"
    assert "files lie on this disk" in str(parts["Files"]["summary"])
    assert parts["Mail"]["state"] == "off"
    assert "SENDGRID_API_KEY is not set" in str(parts["Mail"]["summary"])


def test_no_worker_and_dead_jobs_are_trouble(app: Flask, session: Session):
    code, parts = told(app)
    assert code == 1
    assert parts["Jobs"]["problem"] == "No worker is up: nothing is sent or made."
    session.execute(WORKER)
    session.execute(DEAD)
    session.commit()
    code, parts = told(app)
    assert code == 1
    assert parts["Jobs"]["problem"] == "1 dead jobs: flask jobs list."


def test_waiting_migrations_are_trouble(app: Flask, session: Session):
    session.execute(WORKER)
    version = session.scalar(text("SELECT version_num FROM alembic_version"))
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    session.commit()
    try:
        code, parts = told(app)
    finally:
        session.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
        session.commit()
    assert code == 1
    assert parts["Database"]["problem"] == "Migrations wait: run flask db upgrade."


def test_the_page_says_the_same(visit: Callable[[str], Visitor], session: Session):
    page = visit("admin").get("/admin/system").text
    for words in ("Database", "PostgreSQL", "No worker is up", "SENDGRID_API_KEY is not set"):
        assert words in page
    assert visit("sales").get("/admin/system").status_code == 403


def test_a_storage_that_does_not_answer_is_trouble(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    session.execute(WORKER)
    session.commit()
    monkeypatch.setitem(app.extensions, "storage", GcsStorage("art", "http://127.0.0.1:9"))
    monkeypatch.setitem(gcs.PATIENCE, "retry", gcs.PATIENCE["retry"].with_timeout(1))
    code, parts = told(app)
    assert code == 1
    assert "Files cannot be reached" in str(parts["Files"]["problem"])
