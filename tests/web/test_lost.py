"""A connection that dies when the work is done: its answer stands, and the next request is well."""

from collections.abc import Iterator

import pytest
from flask import Flask, flash
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.visitor import Visitor
from wholesale import create_app
from wholesale.access.gate import signed_in
from wholesale.accounts.sessions import present_session
from wholesale.config import Settings
from wholesale.extensions import db


@pytest.fixture
def losing(database_url: str, engine: Engine) -> Iterator[Flask]:
    """An application with a view whose connection is ended by another as it returns."""
    app = create_app(Settings(app_env="test", database_url=database_url, session_secret="s"))

    @app.route("/lost/<what>")
    @signed_in
    def lost(what: str) -> str:
        if what == "a-message":
            flash("Saved.")
        elif what == "a-new-session":
            present_session().renew()
        key = db.session.scalar(text("SELECT pg_backend_pid()"))
        with engine.begin() as other:
            other.execute(text("SELECT pg_terminate_backend(:key, 1000)"), {"key": key})
        return "The work is done."

    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("what", "status"), [("nothing", 200), ("a-message", 200), ("a-new-session", 503)]
)
def test_what_was_done_is_answered_and_the_next_request_is_well(
    losing: Flask, session: Session, cast: Cast, what: str, status: int
):
    visitor = Visitor(losing, session).signed_in(cast.users["sales"])
    answer = visitor.get(f"/lost/{what}")
    assert answer.status_code == status
    assert answer.headers["X-Request-ID"]
    assert ("The work is done." in answer.text) == (status == 200)
    assert (answer.headers["X-Request-ID"] in answer.text) == (status == 503)
    assert visitor.get("/orders").status_code == 200
