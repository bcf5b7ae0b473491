"""Health for monitors."""

from flask import Flask

from tests.conftest import Statements
from tests.visitor import hx
from wholesale import create_app
from wholesale.config import Settings


def test_health_answers_without_the_database(app: Flask, statements: Statements):
    with statements:
        answer = app.test_client().get("/api/health")
    assert answer.json == {"status": "ok"}
    assert statements.count == 0


def test_ready_asks_the_database(app: Flask):
    answer = app.test_client().get("/api/ready")
    assert answer.json == {"status": "ok", "database": "connected"}


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
