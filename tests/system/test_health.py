"""Health for monitors."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.conftest import Statements
from tests.visitor import hx
from wholesale import create_app
from wholesale.config import Settings
from wholesale.web.vitals import VITALS


def test_health_answers_without_the_database(app: Flask, statements: Statements):
    with statements:
        answer = app.test_client().get("/api/health")
    assert answer.json == {"status": "ok"}
    assert statements.count == 0


def test_ready_asks_the_database(app: Flask):
    answer = app.test_client().get("/api/ready")
    assert answer.json == {"status": "ok", "database": "connected"}


@pytest.mark.parametrize(("version", "status"), [("0001", 503), ("9999", 200), (None, 503)])
def test_ready_waits_for_migrations_and_goes_on_with_a_newer_schema(
    app: Flask, session: Session, version: str | None, status: int
):
    here = session.scalar(text("SELECT version_num FROM alembic_version"))
    session.execute(text("DELETE FROM alembic_version"))
    if version:
        session.execute(text("INSERT INTO alembic_version VALUES (:v)"), {"v": version})
    session.commit()
    try:
        answer = app.test_client().get("/api/ready")
    finally:
        session.execute(text("DELETE FROM alembic_version"))
        session.execute(text("INSERT INTO alembic_version VALUES (:v)"), {"v": here})
        session.commit()
    assert answer.status_code == status
    assert app.test_client().get("/api/ready").status_code == 200


def test_ready_and_pages_say_so_while_the_database_is_away():
    url = "postgresql+psycopg://nobody@127.0.0.1:9/none"
    away = create_app(Settings(app_env="test", database_url=url, session_secret="s"))
    answer = away.test_client().get("/api/ready")
    assert answer.status_code == 503
    assert answer.json == {"status": "unavailable", "database": "disconnected"}
    client = away.test_client()
    signer = away.session_interface.signer
    client.set_cookie("wholesale", signer.sign("token").decode())
    page = client.get("/orders")
    assert page.status_code == 503
    assert int(page.headers["Retry-After"]) > 0
    assert page.headers["X-Request-ID"] in page.text
    toast = client.get("/orders", headers=hx("main"))
    assert toast.status_code == 503
    assert toast.headers["HX-Reswap"] == "none"
    assert toast.headers["X-Request-ID"] in toast.text


def test_a_monitor_reads_details_and_metrics_with_its_token(app: Flask, session: Session):
    client = app.test_client()
    for path in ("/health/details", "/metrics"):
        assert client.get(path).status_code in (302, 401)
        wrong = client.get(path, headers={"Authorization": "Bearer "})
        assert wrong.status_code in (302, 401)  # no token is set, so none is right
    app.config["METRICS_TOKEN"] = "a monitor's token"
    try:
        headers = {"Authorization": "Bearer a monitor's token"}
        found = client.get("/health/details", headers=headers).json
        text = client.get("/metrics", headers=headers).text
        wrong = client.get("/metrics", headers={"Authorization": "Bearer guess"})
    finally:
        app.config["METRICS_TOKEN"] = None
    assert wrong.status_code in (302, 401)
    assert found is not None
    assert found["migrations"]["pending"] is False
    assert found["responses"]["2xx"] >= 0
    assert set(found["response_ms"]) == {"p50", "p95", "p99"}
    assert found["memory_bytes"] > 10_000_000
    assert found["pool"]["in_use"] >= 1
    assert found["parts"]["mail"]["state"] == "off"
    assert "wholesale_queue_waiting 0" in text
    assert 'wholesale_response_ms{quantile="0.95"}' in text
    assert 'wholesale_part_trouble{part="jobs"} 1' in text  # no worker is up


def test_errors_are_counted(app: Flask):
    before = VITALS.counts["4xx"]
    app.test_client().get("/nowhere")
    assert VITALS.counts["4xx"] == before + 1
