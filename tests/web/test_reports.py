"""Error reports reach a service that speaks Sentry's protocol, and hold nothing they must not."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
import structlog
from flask import Flask, request
from sqlalchemy import text

from tests.standins.sentry import Sentry
from tests.standins.server import Reply
from wholesale import create_app
from wholesale.access.gate import public
from wholesale.config import ROOT, ConfigurationError, Settings
from wholesale.extensions import db
from wholesale.web.reports import REPORTER


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    """The service, and nothing is reported any more when the test is over."""
    service = Sentry()
    with service.serving():
        yield service
    sentry_sdk.get_client().close(timeout=0)
    sentry_sdk.init()
    REPORTER.sdk = None


@pytest.fixture
def reporting(sentry: Sentry, database_url: str) -> Iterator[Flask]:
    """An application with pages that fail, each in its way."""
    settings = Settings(
        app_env="test", database_url=database_url, session_secret="s", sentry_dsn=sentry.dsn
    )
    app = create_app(settings)

    @app.route("/fail/crash")
    @public
    def crash() -> str:
        typed = "what a person typed"
        raise RuntimeError(f"no room for {len(typed)} at /l/abcdefghijklmnopqrstuvwxyz")

    @app.route("/fail/taken")
    @public
    def taken() -> str:
        db.session.execute(text("CREATE TEMP TABLE people (email text UNIQUE) ON COMMIT DROP"))
        for _ in range(2):
            db.session.execute(text("INSERT INTO people VALUES (:email)"), request.args)
        return ""

    yield app
    with app.app_context():
        db.engine.dispose()


def told(sentry: Sentry) -> dict[str, Any]:
    """Return the one report that came in."""
    sentry_sdk.flush(5)
    (event,) = sentry.events
    return event


def test_a_crash_is_reported_with_the_request_that_it_can_be_found_by(
    reporting: Flask, app: Flask, sentry: Sentry
):
    answer = reporting.test_client().get("/fail/crash?q=secret", headers={"Cookie": "a=b"})
    assert answer.status_code == 500
    event = told(sentry)
    (error,) = event["exception"]["values"]
    assert (error["type"], error["value"]) == ("RuntimeError", "no room for 19 at /l/***")
    assert error["stacktrace"]["frames"][-1]["function"] == "crash"
    assert event["tags"] == {
        "logger": "errors",
        "route": "crash",
        "request_id": answer.headers["X-Request-ID"],
    }
    assert event["environment"] == "test"
    content = json.dumps(event)
    for secret in ("secret", "a=b", "what a person typed\n"):
        assert secret not in content
    assert all("vars" not in frame for frame in error["stacktrace"]["frames"])


def test_values_of_the_database_stay_in_the_house(reporting: Flask, app: Flask, sentry: Sentry):
    assert reporting.test_client().get("/fail/taken?email=a@b").status_code == 409
    content = json.dumps(told(sentry)["exception"]["values"])
    assert "duplicate key" in content
    assert "DETAIL: ***" in content
    assert "a@b" not in content


def test_an_error_without_a_stack_is_a_message(reporting: Flask, sentry: Sentry):
    structlog.get_logger("worker").error("Query Failed", reason="the database is away")
    assert told(sentry)["message"] == "Query Failed"


def test_warnings_are_not_reported(reporting: Flask, sentry: Sentry):
    structlog.get_logger("worker").warning("job failed")
    sentry_sdk.flush(5)
    assert sentry.events == []


def test_a_service_that_is_away_costs_the_person_nothing(
    reporting: Flask, app: Flask, sentry: Sentry
):
    sentry.fail(*[Reply(cut=True)] * 3)
    assert reporting.test_client().get("/fail/crash").status_code == 500


def test_what_a_process_says_last_is_on_its_way_before_it_ends(sentry: Sentry, database_url: str):
    script = "import wholesale, structlog; wholesale.create_app(); structlog.get_logger('x')"
    env = os.environ | {
        "SENTRY_DSN": sentry.dsn,
        "DATABASE_URL": database_url,
        "APP_ENV": "test",
        "SESSION_SECRET": "s",
    }
    done = subprocess.run(
        [sys.executable, "-c", f"{script}.error('the end')"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert told(sentry)["message"] == "the end"


def test_an_address_that_cannot_be_read_stops_the_start_and_is_not_shown(database_url: str):
    settings = Settings(
        app_env="test", database_url=database_url, session_secret="s", sentry_dsn="canary"
    )
    with pytest.raises(ConfigurationError, match="SENTRY_DSN cannot be read") as refused:
        create_app(settings)
    assert "canary" not in str(refused.value)


def test_without_an_address_the_client_is_not_loaded():
    script = "import sys, wholesale; wholesale.create_app(); print('sentry_sdk' in sys.modules)"
    env = {name: value for name, value in os.environ.items() if name != "SENTRY_DSN"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=env | {"DATABASE_URL": "postgresql://nowhere/none", "APP_ENV": "test"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.strip() == "False", done.stderr
