"""While nothing else is written, reads are noted still, and a smoke test says why it stops."""

import json
from collections.abc import Callable

from flask import Flask
from sqlalchemy.orm import Session

from tests.maintenance.conftest import maintain  # noqa: F401 - a fixture
from tests.visitor import Visitor
from wholesale.reads.buffer import Writer
from wholesale.reads.models import AccessRead
from wholesale.smoke.commands import smoke


def test_reads_are_written_and_a_smoke_test_is_refused_in_one_line(
    app: Flask,
    session: Session,
    rep: Visitor,
    maintain: Callable[..., object],  # noqa: F811
):
    app.extensions["reads"].take()
    maintain(read_only=True)
    assert rep.get("/orders").status_code == 200
    writer = Writer(app, every=0.05)
    writer.thread.start()
    writer.stop()
    assert session.query(AccessRead).one().kind == "orders"
    told = app.test_cli_runner().invoke(smoke, ["http://127.0.0.1:1", "--json"])
    prepare = json.loads(told.stdout)[0]
    assert (told.exit_code, prepare["result"]) == (1, "failed")
    assert prepare["detail"].startswith("The database takes no writes now")
