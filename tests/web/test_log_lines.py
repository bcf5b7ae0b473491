"""Single lines: what is slow is named, jobs' lines tell of their job, and secrets do not pass."""

import re
from collections.abc import Iterator
from urllib.parse import quote
from uuid import uuid4

import pytest
import structlog
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.visitor import Visitor
from wholesale import create_app
from wholesale.access.gate import public
from wholesale.config import Settings
from wholesale.extensions import db
from wholesale.jobs import queue
from wholesale.jobs.runner import run
from wholesale.web import scrubbing


@pytest.fixture
def slow(database_url: str, engine: Engine) -> Iterator[Flask]:
    """An application with a slow page, and a task that says something."""
    settings = Settings(
        app_env="test",
        database_url=database_url,
        session_secret="s",
        slow_request_ms=60,
        slow_query_ms=50,
    )
    app = create_app(settings)

    @app.route("/slow/<seconds>")
    @public
    def wait(seconds: str) -> str:
        db.session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": float(seconds)})
        return ""

    @queue.task("test.slow")
    def say(session: Session, *, seconds: float) -> None:
        structlog.get_logger("mine").info("on the way")
        session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})

    yield app
    del queue.TASKS["test.slow"]
    with app.app_context():
        db.engine.dispose()


def lines(told: str, words: str) -> list[str]:
    return [line for line in told.splitlines() if words in line]


def test_a_slow_request_and_its_slow_query_are_named_without_values(
    slow: Flask, capsys: pytest.CaptureFixture[str]
):
    answer = slow.test_client().get("/slow/0.1234")
    out = capsys.readouterr().out
    (request,) = lines(out, 'event="Slow request"')
    (query,) = lines(out, 'event="Slow query"')
    for line in (request, query):
        assert "level=warning" in line
        assert f"request_id={answer.headers['X-Request-ID']}" in line
    assert "route=wait" in request
    assert "statements=1" in request
    assert 'statement="SELECT pg_sleep(%(seconds)s' in query
    assert "0.1234" not in query
    for line in (request, query):
        assert float(re.search(r" ms=([\d.]+)", line)[1]) > 100  # type: ignore[index]


def test_what_is_quick_is_not_named_and_nothing_is_when_it_is_off(
    slow: Flask, capsys: pytest.CaptureFixture[str]
):
    slow.config |= {"SLOW_REQUEST_MS": 30_000, "SLOW_QUERY_MS": 30_000}
    slow.test_client().get("/slow/0")
    slow.config |= {"SLOW_REQUEST_MS": 0, "SLOW_QUERY_MS": 0}
    slow.test_client().get("/slow/0.1")
    assert lines(capsys.readouterr().out, "Slow") == []


def test_every_line_of_a_job_tells_which_it_is(slow: Flask, capsys: pytest.CaptureFixture[str]):
    run(slow, queue.TASKS["test.slow"], 4711, {"seconds": 0.1})
    out = capsys.readouterr().out
    for words in ("on the way", "Slow query", "job done"):
        (line,) = lines(out, words)
        assert "job=4711" in line
        assert "task=test.slow" in line


def test_a_failed_job_tells_why_in_one_line(slow: Flask, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(TypeError):
        run(slow, queue.TASKS["test.slow"], 4712, {})
    (line,) = capsys.readouterr().out.splitlines()
    assert "job=4712" in line
    assert "seconds" in line


def test_no_character_breaks_a_line_or_plays_with_a_terminal(
    app: Flask, capsys: pytest.CaptureFixture[str]
):
    odd = "a\nb\rc\u2028d\x1b[31me\x85f"
    structlog.get_logger("mine").info(odd, value=odd, **{"odd key": 1})
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1
    assert "\x1b" not in out
    assert "odd_key=1" in out


def test_what_the_configuration_keeps_secret_passes_into_no_line(
    app: Flask, capsys: pytest.CaptureFixture[str]
):
    password = "db pass/canary"
    settings = Settings(
        database_url=f"postgresql+psycopg://u:{quote(password, safe='')}@h/d",
        session_secret="session-canary",
        session_secret_fallbacks=("former-canary",),
        sendgrid_api_key="SG.canary",
        google_api_key="google-canary",
        metrics_token="metrics-canary",
    )
    scrubbing.hide(settings)
    log = structlog.get_logger("mine")
    try:
        raise ValueError(f"{settings} {password}")
    except ValueError:
        log.exception("a crash that shows the settings", url=settings.database_url)
    told = capsys.readouterr()
    assert "canary" not in told.err + told.out
    assert "ValueError" in told.err


def test_a_row_that_breaks_a_rule_is_not_shown(
    rep: Visitor, session: Session, cast: Cast, capsys: pytest.CaptureFixture[str]
):
    session.execute(text("ALTER TABLE orders ADD CONSTRAINT odd CHECK (code <> '') NOT VALID"))
    session.execute(text("ALTER TABLE orders ALTER code SET DEFAULT ''"))
    session.commit()
    key = str(uuid4())
    try:
        form = {"organization_id": cast.organization, "key": key}
        assert rep.post("/orders/new", form).status_code == 409
    finally:
        session.execute(text("ALTER TABLE orders DROP CONSTRAINT odd"))
        session.execute(text("ALTER TABLE orders ALTER code DROP DEFAULT"))
        session.commit()
    (line,) = capsys.readouterr().err.splitlines()
    assert "Failing row contains ***" in line
    assert key not in line


def test_the_addresses_that_a_token_opens_are_known(app: Flask):
    rules = [rule.rule for rule in app.url_map.iter_rules() if "token" in rule.arguments]
    assert rules
    for rule in rules:
        path = rule.replace("<token>", "t0ken-canary.With_signs-1")
        assert "canary" not in scrubbing.scrubbed(f"Exception on {path} [GET]")
