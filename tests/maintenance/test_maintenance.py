"""While maintenance is on, everything can be read, nothing is written, nothing typed is lost."""

import time
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session

from tests.cast import EMAILS, PASSWORD, Cast
from tests.conftest import Statements, Work
from tests.customers.test_changes import NEW as NEW_ORGANIZATION
from tests.maintenance.conftest import Maintain
from tests.visitor import Visitor
from wholesale.audit.models import AuditEntry
from wholesale.core.clock import now
from wholesale.customers.models import Organization
from wholesale.extensions import db
from wholesale.jobs.queue import defer
from wholesale.jobs.worker import WorkerThread
from wholesale.mail.models import OutboxMail
from wholesale.maintenance.models import MaintenanceWindow
from wholesale.maintenance.state import Known
from wholesale.read_only import let_write

NEW = {"key": "6a1c0d52-55f5-4dd8-9b0f-0f1d6b6d1f11", **NEW_ORGANIZATION, "name": "Ridge Runners"}
Visit = Callable[[str], Visitor]


@pytest.fixture
def known(app: Flask) -> Known:
    """What the process knows of the windows."""
    found: Known = app.extensions["maintenance"]
    return found


def runners(session: Session) -> Organization | None:
    session.rollback()
    return session.scalar(select(Organization).where(Organization.name == "Ridge Runners"))


def test_pages_can_be_read_and_say_what_goes_on(rep: Visitor, maintain: Maintain):
    maintain(message="Prices are being mended", ends_at=now() + timedelta(hours=1))
    page = rep.get("/organizations")
    assert page.status_code == 200
    assert "Prices are being mended" in page.text
    assert "only administrators can save" in page.text


@pytest.mark.parametrize("strict", [False, True])
def test_a_write_is_refused_with_what_was_typed_and_can_be_sent_again(
    visit: Visit, session: Session, maintain: Maintain, known: Known, strict: bool
):
    rep = visit("admin" if strict else "sales")
    maintain(read_only=strict)
    refused = rep.post("/organizations/new", NEW)
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert "Maintenance: Mending" in refused.text
    assert 'name="name" value="Ridge Runners"' in refused.text
    assert refused.headers["X-Request-ID"] in refused.text
    assert runners(session) is None
    end(session, known)
    fields = dict(zip(*[iter(hidden(refused.text))] * 2, strict=True))
    sent = rep.client.post("/organizations/new", data=fields)
    assert sent.status_code == 303
    assert runners(session) is not None


def hidden(page: str) -> list[str]:
    """Return the names and values of the form that is sent again, as a browser reads them."""
    form = page.partition('class="again')[2].partition("</form>")[0]
    parts = form.replace('type="hidden" name="', "\0").replace('" value="', "\0").split("\0")[1:]
    return [unescape(part.partition('"')[0]) for part in parts]


def end(session: Session, known: Known) -> None:
    session.rollback()
    session.execute(text("SET TRANSACTION READ WRITE"))
    session.execute(text("DELETE FROM maintenance_windows"))
    session.commit()
    known.forget()


def test_what_was_typed_is_shown_when_the_session_has_ended_meanwhile(app: Flask, session: Session):
    """Not to be sent by a click: a form without a good token may have been forged."""
    visitor = Visitor(app, session)
    refused = visitor.client.post("/organizations/new", data=NEW)
    assert refused.status_code == 401
    assert "Ridge Runners" in refused.text
    assert "Send it again" not in refused.text


def test_a_password_is_not_written_into_the_answer(rep: Visitor, maintain: Maintain):
    maintain()
    refused = rep.post("/account/password", {"password": "canary-in-a-form"})
    assert "canary-in-a-form" not in refused.text


def test_htmx_shows_a_toast_and_leaves_the_form(rep: Visitor, maintain: Maintain):
    maintain()
    refused = rep.hx_post("/organizations/new", NEW)
    assert refused.status_code == 503
    assert refused.headers["HX-Reswap"] == "none"
    assert "Maintenance: Mending" in refused.text


def test_a_machine_is_told_when_to_come_again(visit: Visit, maintain: Maintain):
    admin = visit("admin")
    maintain(read_only=True)
    refused = admin.post("/api/permissions/seed")
    assert refused.status_code == 503
    assert refused.json is not None
    assert refused.json["error"] == "maintenance"
    assert int(refused.headers["Retry-After"]) > 0


def test_an_administrator_writes_unless_nobody_may(
    visit: Visit, session: Session, maintain: Maintain
):
    maintain()
    assert visit("admin").post("/organizations/new", NEW).status_code == 303
    assert runners(session) is not None


@pytest.mark.parametrize("strict", [False, True])
def test_one_can_sign_in_and_out(
    app: Flask, session: Session, cast: Cast, maintain: Maintain, strict: bool
):
    maintain(read_only=strict)
    visitor = Visitor(app, session)
    form = visitor.get("/sign-in").text
    token = form.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    data = {"csrf_token": token, "email": EMAILS["admin"], "password": PASSWORD}
    assert visitor.client.post("/sign-in", data=data).headers["Location"] == "/"
    home = visitor.get("/")
    assert home.status_code == 200
    token = home.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    out = visitor.client.post("/sign-out", data={"csrf_token": token})
    assert out.status_code == 303
    assert visitor.get("/").status_code == 302


def test_the_database_itself_refuses(
    app: Flask, session: Session, engine: Engine, maintain: Maintain
):
    for _ in range(2):  # whoever read a snapshot before leaves nothing behind in the pool
        with engine.connect().execution_options(postgresql_readonly=True) as connection:
            connection.execute(text("SELECT 1"))
    maintain(read_only=True)
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW default_transaction_read_only")) == "on"
        with pytest.raises(InternalError, match="read-only transaction"):
            connection.execute(text("DELETE FROM users"))


def test_a_database_that_takes_no_writes_by_itself_is_answered_the_same(
    rep: Visitor, session: Session, engine: Engine
):
    """A standby, say, or a switch in the middle of a request: the gate knew nothing."""
    session.rollback()
    set_default(engine, "on")
    try:
        assert rep.get("/organizations").status_code == 200
        refused = rep.post("/organizations/new", NEW)
    finally:
        set_default(engine, "off")
    assert refused.status_code == 503
    assert "cannot be changed for the time being" in refused.text
    assert 'value="Ridge Runners"' in refused.text
    assert runners(session) is None


def set_default(engine: Engine, mode: str) -> None:
    """Make the whole database read-only, or not, and have every connection opened anew."""
    name = engine.url.database
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET default_transaction_read_only = off"))
        connection.execute(
            text(f"ALTER DATABASE {name} SET default_transaction_read_only = {mode}")
        )
    engine.dispose()


def test_jobs_wait_and_are_done_afterwards(
    app: Flask, session: Session, work: Work, maintain: Maintain, known: Known
):
    session.add(OutboxMail(recipient="a@b.example", subject="s", body="b"))
    session.flush()
    defer(session, "mail.send", mail_id=session.scalars(select(OutboxMail.id)).one())
    session.commit()
    maintain(read_only=True)
    assert work() == 0
    end(session, known)
    assert work() == 1


def test_a_worker_that_starts_meanwhile_waits(
    app: Flask, session: Session, maintain: Maintain, known: Known
):
    def status() -> str:
        session.rollback()
        jobs = "SELECT status FROM procrastinate.procrastinate_jobs ORDER BY id LIMIT 1"
        return str(session.scalar(text(jobs)))

    maintain(read_only=True)
    with app.app_context(), let_write():
        defer(db.session, "insight.fold")
        db.session.commit()
    worker = WorkerThread(app)
    worker.start()
    try:
        time.sleep(1.2)
        assert status() == "todo"
        end(session, known)
        deadline = time.monotonic() + 8
        while status() != "succeeded" and time.monotonic() < deadline:
            time.sleep(0.05)
        assert status() == "succeeded"
    finally:
        worker.stop()


def test_a_window_begins_and_ends_by_itself(
    rep: Visitor, session: Session, maintain: Maintain, known: Known
):
    maintain(now() + timedelta(seconds=0.4), ends_at=now() + timedelta(seconds=1.2), read_only=True)
    assert rep.get("/").status_code == 200
    seen = [known.mode.value]
    while known.windows and (known.windows[0].ends_at or now()) > now():
        if known.mode.value != seen[-1]:
            seen.append(known.mode.value)
    if known.mode.value != seen[-1]:
        seen.append(known.mode.value)
    assert seen == ["off", "read_only", "off"]


def test_the_banner_counts_down_to_what_is_scheduled(rep: Visitor, maintain: Maintain):
    maintain(now() + timedelta(minutes=20), ends_at=now() + timedelta(hours=2), message="Upgrade")
    page = rep.get("/orders").text
    assert "data-countdown" in page
    assert "Upgrade" in page
    assert "Upgrade" in rep.hx_get("/notifications/bell", "bell-slot").text
    assert rep.post("/organizations/new", NEW).status_code == 303


def test_the_banner_does_not_speak_of_next_week(rep: Visitor, maintain: Maintain):
    maintain(now() + timedelta(days=7), ends_at=now() + timedelta(days=8), message="Upgrade")
    assert "Upgrade" not in rep.get("/orders").text


def test_it_costs_no_statement(rep: Visitor, maintain: Maintain, statements: Statements):
    rep.get("/account")
    with statements:
        rep.get("/account")
    quiet = statements.count
    maintain()
    statements.count = 0
    with statements:
        rep.get("/account")
    assert statements.count == quiet


def test_before_its_migration_nothing_is_on(
    app: Flask, engine: Engine, session: Session, known: Known
):
    session.execute(text("ALTER TABLE maintenance_windows RENAME TO elsewhere"))
    session.commit()
    known.forget()
    try:
        assert app.test_client().get("/sign-in").status_code == 200
    finally:
        session.execute(text("ALTER TABLE elsewhere RENAME TO maintenance_windows"))
        session.commit()


def switch(visitor: Visitor, **fields: Any) -> Any:
    return visitor.post("/admin/maintenance", {"reason": "Mending", **fields})


def test_an_administrator_switches_on_and_off_on_the_page(
    visit: Visit, session: Session, maintain: Maintain
):
    admin = visit("admin")
    assert switch(admin, read_only="y").status_code == 303
    page = admin.get("/admin/maintenance").text
    assert "Nobody may write." in page
    assert admin.post("/organizations/new", NEW).status_code == 503
    assert admin.post("/admin/maintenance/off").status_code == 303
    assert admin.post("/organizations/new", NEW).status_code == 303
    actions = select(AuditEntry.action).where(AuditEntry.entity == "maintenance_windows")
    assert session.scalars(actions.order_by(AuditEntry.id)).all()[-2:] == ["created", "updated"]


def test_scheduling_tells_everybody_in_their_own_time(
    visit: Visit, session: Session, cast: Cast, maintain: Maintain
):
    admin = visit("admin")
    sent = switch(admin, starts_at="2199-01-05T06:00", ends_at="2199-01-05T08:00", tell="y")
    assert sent.status_code == 303
    window = session.scalars(select(MaintenanceWindow)).one()
    assert f"{window.starts_at:%H:%M}" == "11:00"  # New York's 6 o'clock
    bodies = session.scalars(select(OutboxMail.body)).all()
    assert len(bodies) == len(cast.users)
    assert all("06:00 EST" in body and "Mending" in body for body in bodies)
    assert admin.post(f"/admin/maintenance/{window.id}/calling-off").status_code == 303
    assert session.scalar(select(MaintenanceWindow)) is None
    again = admin.post(f"/admin/maintenance/{window.id}/calling-off")
    assert again.status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": " "}, "People read it: say why."),
        ({"starts_at": "2001-01-01T06:00", "ends_at": "2199-01-01T06:00"}, "Give a time to come."),
        ({"ends_at": "2001-01-01T06:00"}, "Give a time to come."),
        ({"starts_at": "2199-01-02T06:00", "ends_at": "2199-01-01T06:00"}, "Give a later time."),
        ({"starts_at": "2199-01-02T06:00"}, "Give an end, too."),
        ({"starts_at": "tomorrow"}, "Give day and time"),
        ({"ends_at": "9999-12-31T23:59"}, "between 2000 and 2199"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused_beside_the_field(
    visit: Visit, session: Session, maintain: Maintain, fields: dict[str, str], words: str
):
    refused = switch(visit("admin"), **fields)
    assert refused.status_code == 422
    assert words in refused.text
    assert session.scalar(select(MaintenanceWindow)) is None


def test_two_windows_do_not_overlap(visit: Visit, session: Session, maintain: Maintain):
    admin = visit("admin")
    first = {"starts_at": "2199-01-05T06:00", "ends_at": "2199-01-05T08:00"}
    assert switch(admin, **first).status_code == 303
    refused = switch(admin, starts_at="2199-01-05T07:00", ends_at="2199-01-05T09:00")
    assert "It overlaps with another window: Mending" in refused.text
