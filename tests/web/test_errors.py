"""Errors: a page, a toast or JSON, each with the request id, and nothing half-swapped."""

from collections.abc import Iterator

import pytest
from flask import Flask, abort
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.visitor import Visitor, hx
from wholesale import create_app
from wholesale.access.gate import public, signed_in
from wholesale.config import Settings
from wholesale.extensions import db

STATUSES = [400, 401, 403, 404, 405, 409, 413, 429, 500, 503]


@pytest.fixture(scope="module")
def failing(application: Flask, database_url: str) -> Iterator[Flask]:
    """An application on the same database, with addresses that fail on purpose."""
    settings = Settings(
        app_env="test",
        database_url=database_url,
        session_secret="s",
        slow_request_ms=0,
        slow_query_ms=0,
    )
    app = create_app(settings)

    @app.route("/fail/<int:status>")
    @app.route("/api/fail/<int:status>", endpoint="api_fail")
    @public
    def fail(status: int) -> str:
        abort(status)

    @app.route("/fail/crash")
    @public
    def crash() -> str:
        raise RuntimeError("canary detail")

    @app.route("/fail/query")
    @public
    def query() -> str:
        db.session.execute(text("SELECT no_such_column"))
        return ""

    @app.route("/fail/lost")
    @signed_in
    def lost() -> str:
        db.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return ""

    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("status", STATUSES)
def test_a_browser_gets_a_page_with_the_request_id(failing: Flask, app: Flask, status: int):
    answer = failing.test_client().get(f"/fail/{status}")
    assert answer.status_code == status
    assert answer.headers["X-Request-ID"] in answer.text
    assert "<h1>" in answer.text


@pytest.mark.parametrize("status", STATUSES)
def test_htmx_gets_a_toast_with_the_request_id_and_swaps_nothing(
    failing: Flask, app: Flask, status: int
):
    answer = failing.test_client().get(f"/fail/{status}", headers=hx("main"))
    assert answer.status_code == status
    assert answer.headers["HX-Reswap"] == "none"
    assert 'hx-swap-oob="beforeend:#toasts"' in answer.text
    assert answer.headers["X-Request-ID"] in answer.text


@pytest.mark.parametrize("status", STATUSES)
def test_machines_get_json(failing: Flask, app: Flask, status: int):
    answer = failing.test_client().get(f"/api/fail/{status}")
    assert set(answer.json) == {"error", "message", "request_id"}
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize("status", [429, 503])
def test_waiting_answers_say_how_long(failing: Flask, app: Flask, status: int):
    assert int(failing.test_client().get(f"/fail/{status}").headers["Retry-After"]) > 0


def test_a_crash_shows_no_detail_and_is_logged_on_stderr_with_its_id(
    failing: Flask, app: Flask, capsys: pytest.CaptureFixture[str]
):
    answer = failing.test_client().get("/fail/crash")
    captured = capsys.readouterr()
    assert answer.status_code == 500
    assert "canary detail" not in answer.text
    assert "canary detail" in captured.err
    assert answer.headers["X-Request-ID"] in captured.err
    assert "canary detail" not in captured.out


def test_a_failed_query_is_logged_as_such_in_one_line(
    failing: Flask, app: Flask, capsys: pytest.CaptureFixture[str]
):
    assert failing.test_client().get("/fail/query").status_code == 500
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert "Query Failed" in lines[0]


def test_a_database_lost_in_mid_request_is_a_page_with_an_id_and_not_a_crash(
    failing: Flask, session: Session, cast: Cast
):
    visitor = Visitor(failing, session).signed_in(cast.users["sales"])
    for headers in ({}, hx("main")):
        answer = visitor.get("/fail/lost", headers=headers)
        assert answer.status_code == 503
        assert answer.headers["X-Request-ID"] in answer.text
        assert answer.headers["Retry-After"]
    assert visitor.get("/orders").status_code == 200


def test_a_post_without_its_csrf_field_is_refused_and_logged(
    rep: Visitor, capsys: pytest.CaptureFixture[str]
):
    answer = rep.client.post("/sign-out")
    assert answer.status_code == 400
    assert "[CSRF] Token validation" in capsys.readouterr().out


def test_the_access_line_says_who_what_and_how_long(
    rep: Visitor, capsys: pytest.CaptureFixture[str]
):
    rep.get("/orders", headers={"X-Request-ID": "proxy-given-id-1"})
    (line,) = capsys.readouterr().out.strip().splitlines()
    for part in ("logger=access", "path=/orders", "status=200", "ms=", "statements="):
        assert part in line
    assert "request_id=proxy-given-id-1" in line


@pytest.mark.parametrize("forged", ["short", "x" * 65, 'a"b c\td e f g', "id\u2028injected"])
def test_a_request_id_that_could_forge_a_line_is_not_taken_over(rep: Visitor, forged: str):
    answer = rep.get("/orders", headers={"X-Request-ID": forged})
    assert answer.headers["X-Request-ID"] != forged


def test_too_large_a_form_is_refused(rep: Visitor):
    assert rep.post("/orders/new", {"q": "x" * 5_000_000}).status_code == 413


@pytest.mark.parametrize(
    "url", ["/nothing", "/organizations/99999999999", "/orders/O-0", "/orders/draft-x"]
)
def test_what_is_not_there_is_a_404(rep: Visitor, url: str):
    assert rep.get(url).status_code == 404
