"""What people read is noted: beside the requests, by record and list, and for ninety days."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.conftest import Statements, Work
from tests.drafts import Draft
from tests.visitor import Visitor
from wholesale.core.clock import now
from wholesale.jobs.queue import defer
from wholesale.orders.models import Order
from wholesale.reads.buffer import Buffer, Count, Read, Writer
from wholesale.reads.models import AccessRead
from wholesale.reads.noticing import is_noted

Noted = Callable[[], list[tuple[str, str, str, str, int, int]]]


@pytest.fixture
def noted(app: Flask, engine: Engine, session: Session) -> Noted:
    """Return a call that gives what was noted: way, kind, record, detail, times, rows."""
    app.extensions["reads"].take()

    def rows() -> list[tuple[str, str, str, str, int, int]]:
        assert app.extensions["reads"].flush(engine)
        session.rollback()
        found = session.scalars(select(AccessRead).order_by(AccessRead.first_at, AccessRead.id))
        return [(r.way, r.kind, r.record, r.detail, r.times, r.rows) for r in found]

    return rows


def test_a_record_is_noted_with_who_from_where_and_how_often(
    rep: Visitor, placed: str, noted: Noted, session: Session, cast: Cast
):
    for _ in range(2):
        assert rep.get(f"/orders/{placed}").status_code == 200
    rep.hx_get(f"/orders/{placed}/history", "history")
    assert noted() == [
        ("page", "orders", placed, "", 2, 0),
        ("page", "orders", placed, "history", 1, 0),
    ]
    rep.get(f"/orders/{placed}")
    assert noted()[0][4] == 3  # the same hour: the same row
    row = session.scalars(select(AccessRead).order_by(AccessRead.id)).first()
    assert (row.user_id, str(row.address)) == (cast.users["sales"], "127.0.0.1")
    assert row.session_id is not None
    assert row.first_at <= row.last_at


def test_lists_and_exports_are_noted_with_their_filters_and_rows(
    rep: Visitor, placed: str, noted: Noted
):
    rep.get("/orders?q=wolverton&status=new")
    rep.get("/orders?view=board")
    for address in ("/orders.csv?q=wolverton", "/contacts.xlsx"):
        with rep.get(address) as file:  # counted once its last row is out
            assert file.get_data()
    assert noted() == [
        ("list", "orders", "", "q status", 1, 1),
        ("list", "orders", "", "view", 1, 1),
        ("export", "orders", "", "q", 1, 1),
        ("export", "contacts", "", "", 1, 2),
    ]


def test_an_export_by_a_form_is_noted_though_it_is_no_get(
    rep: Visitor, placed: str, noted: Noted, session: Session
):
    order = session.query(Order).one()
    with rep.post("/orders/bulk", {"ids": order.id, "action": "export"}) as file:
        assert placed in file.text
    assert noted() == [("export", "orders", "", "bulk", 1, 1)]


def test_what_was_not_shown_or_not_asked_for_is_not_noted(
    rep: Visitor, placed: str, noted: Noted, client, cast: Cast
):
    assert rep.get("/orders/O-2020-99999").status_code == 404
    assert rep.get("/admin/users").status_code == 403
    assert client.get(f"/orders/{placed}").status_code == 302
    rep.get("/notifications/bell")
    rep.get("/orders/new")
    rep.get("/account")
    rep.client.head(f"/orders/{placed}")
    assert noted() == []


def test_noting_costs_the_request_no_statement(
    app: Flask, rep: Visitor, placed: str, statements: Statements, noted: Noted
):
    buffer = app.extensions["reads"]
    rep.get(f"/orders/{placed}")
    with statements:
        rep.get(f"/orders/{placed}")
    counted = statements.count
    assert buffer.waiting
    present = app.extensions.pop("reads")  # broken, a page still answers, and asks no less
    try:
        statements.count = 0
        with statements:
            assert rep.get(f"/orders/{placed}").status_code == 200
        assert statements.count == counted
    finally:
        app.extensions["reads"] = present


def _read(number: int) -> tuple[Read, Count]:
    hour = now().replace(minute=0, second=0, microsecond=0)
    read = Read(1, None, None, None, hour, "orders", f"O-{number}", "", "page")
    return read, Count(now(), now())


def test_while_the_database_is_away_reads_wait_within_bounds(
    app: Flask, engine: Engine, session: Session, capsys: pytest.CaptureFixture[str]
):
    away = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    buffer = Buffer(most=3)
    for number in range(5):
        buffer.add(*_read(number))
    assert not buffer.flush(away)
    assert len(buffer.waiting) == 3
    assert capsys.readouterr().out.count("reads are dropped") == 1
    assert buffer.flush(engine)
    assert session.query(AccessRead).count() == 3


def test_the_writer_writes_by_itself_and_at_the_end(app: Flask, session: Session):
    writer = Writer(app, every=0.05)
    writer.buffer = Buffer()
    writer.thread.start()
    writer.buffer.add(*_read(1))
    while not session.query(AccessRead).count():
        session.rollback()
    writer.buffer.add(*_read(2))
    writer.stop()
    session.rollback()
    assert session.query(AccessRead).count() == 2
    assert not writer.thread.is_alive()


def test_a_customers_link_is_noted_by_its_key_never_by_its_token(
    link: str, noted: Noted, session: Session, app: Flask
):
    noted()
    assert app.test_client().get(link).status_code == 200
    row = next(row for row in noted() if row[1] == "links")
    read = session.scalars(select(AccessRead).where(AccessRead.kind == "links")).one()
    assert (read.record, read.user_id) == (str(read.link_id), None)
    assert link.removeprefix("/l/") not in str(row)


def test_reads_are_forgotten_after_ninety_days(
    rep: Visitor, draft: Draft, noted: Noted, session: Session, work: Work
):
    rep.get(f"/orders/{draft.ref}")
    rep.get("/orders")
    assert len(noted()) == 2
    old = update(AccessRead).where(AccessRead.way == "list")
    session.execute(old.values(hour=now() - timedelta(days=91)))
    defer(session, "reads.forget")
    session.commit()
    work()
    assert [row[1] for row in noted()] == ["orders"]
    assert session.scalars(select(AccessRead)).one().record == draft.ref


def test_every_page_that_reads_records_is_noted(app: Flask):
    views = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and ":" in app.view_functions[rule.endpoint].permission
    }
    left_out = {endpoint for endpoint in views if not is_noted(endpoint)}
    settings = {"access.matrix", "jobs.jobs"}
    pictures = {"catalog.image", "catalog.thumbnail", "files.thumbnail", "catalog.surcharges"}
    assert {one for one in left_out if not one.startswith("system.")} == settings | pictures


def test_a_download_is_noted_with_its_record_and_never_by_its_signed_address(
    rep: Visitor, placed: str, noted: Noted
):
    path = f"/orders/{placed}/files"
    rep.post(path, {"files": (io.BytesIO(b"Sizes, please."), "note.txt")})
    link = rep.get(path).text.partition(f'href="{path}/')[2].partition('"')[0]
    assert rep.get(f"{path}/{link}", follow_redirects=True).text == "Sizes, please."
    assert noted() == [
        ("page", "orders", placed, "files", 1, 0),
        ("download", "orders", placed, f"files/{link}", 1, 0),
    ]
