"""Runs in the background: alive for all processes, one at a time, nothing half-written."""

import os
import signal
import subprocess
import sys
import time

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.imports.desk import ImportDesk
from wholesale.config import ROOT
from wholesale.customers.models import Organization
from wholesale.imports import running
from wholesale.imports.models import Import, ImportChange, ImportRow

ROWS = "Name\n" + "".join(f"Club {n}\n" for n in range(8_000))
RUN = """
import sys, threading
from wholesale import create_app
from wholesale.audit.actor import Acting
from wholesale.config import Settings
from wholesale.imports import running
app = create_app(Settings(app_env="test", database_url=sys.argv[1], session_secret="s"))
with app.app_context():
    claim = running.claim(int(sys.argv[2]))
    claim.start(app, Acting())
    print("begun", flush=True)
running.wait()
"""


def customers(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(Organization.id)).where(Organization.name != "")) or 0


def test_a_killed_run_leaves_nothing_half_written_and_can_be_run_again(
    ops: ImportDesk, session: Session, app: Flask, database_url: str
):
    imported = ops.check("organizations", ROWS)
    before = customers(session)
    imported = ops.seen(imported.id)
    imported.status = "loading"
    session.commit()
    command = [sys.executable, "-c", RUN, database_url, str(imported.id)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        while ops.seen(imported.id).rows_done < 1000:
            assert process.poll() is None
            time.sleep(0.05)
        assert "Importing. All of it is written at its end, or nothing." in ops.page(imported)
        assert 'hx-trigger="every 1s"' in ops.page(imported)
        process.send_signal(signal.SIGKILL)
        process.wait()
    while running.is_alive(session, imported.id):
        session.rollback()
        time.sleep(0.05)
    assert customers(session) == before
    assert session.scalar(select(func.count()).select_from(ImportChange)) == 0
    page = ops.page(imported)
    assert "It was interrupted" in page
    assert "every 1s" not in page
    ops.step(imported, "load")
    assert ops.seen(imported.id).status == "loaded"
    assert customers(session) == before + 8_000


def test_a_second_run_does_not_begin_while_one_is_alive(ops: ImportDesk, app: Flask):
    imported = ops.check("organizations", "Name\nRidge Runners\n")
    with app.app_context():
        claim = running.claim(imported.id)
        assert claim is not None
        assert running.claim(imported.id) is None
        assert ops.step(imported, "load").status_code == 303
        assert ops.seen(imported.id).status == "checked"
        assert ops.step(imported, "discard").status_code == 409
        claim.release()
    assert ops.confirm(imported).status == "loaded"


def test_a_run_that_stopped_is_no_longer_alive(ops: ImportDesk, session: Session):
    imported = ops.check("organizations", "Name\nRidge Runners\n")
    assert not running.is_alive(session, imported.id)
    imported = ops.seen(imported.id)
    imported.status = "checking"
    session.commit()
    assert "It was interrupted" in ops.page(imported)
    ops.step(imported, "check")
    assert ops.seen(imported.id).status == "checked"


def test_what_goes_wrong_is_told_and_nothing_is_kept(ops: ImportDesk, session: Session):
    imported = ops.check("organizations", "Name\nRidge Runners\n")
    found = ops.seen(imported.id)
    found.columns = {"Name": "no such field"}
    session.commit()
    ops.step(imported, "load")
    assert ops.seen(imported.id).status == "failed"
    assert "Nothing was written" in ops.page(imported)
    assert session.scalar(select(func.count(Organization.id))) == 2


def test_a_dry_run_that_is_done_again_takes_the_place_of_the_former(
    ops: ImportDesk, session: Session
):
    imported = ops.check("organizations", "Name\nA\nB\n")
    ops.step(imported, "check")
    session.rollback()
    rows = select(func.count()).where(ImportRow.import_id == imported.id)
    assert session.scalar(rows) == 2


def test_discarding_takes_the_file_along(ops: ImportDesk, session: Session):
    imported = ops.check("organizations", "Name\nA\nB\n")
    ops.step(imported, "discard")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Import)) == 0
    assert session.scalar(select(func.count()).select_from(ImportRow)) == 0
