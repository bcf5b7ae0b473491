"""Which PostgreSQL is used: the one of ``DATABASE_URL``, or the project's own."""

import atexit
from typing import Any

from flask import Flask

from wholesale.config import Settings
from wholesale.extensions import db

NAME = "wholesale"
# Nothing waits for good: a stuck transaction would take the server's threads one by one.
SETTINGS = (
    "timezone=UTC",
    "statement_timeout=30s",
    "lock_timeout=10s",
    "idle_in_transaction_session_timeout=60s",
)
ENGINE_OPTIONS: dict[str, Any] = {
    "pool_pre_ping": True,
    "hide_parameters": True,  # values may be secrets; errors show the statement alone
    "pool_size": 10,
    "max_overflow": 10,
    "pool_timeout": 10,
    "connect_args": {
        "connect_timeout": 5,
        # A network that swallows everything is found out in half a minute, not in two hours.
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
        "options": " ".join(f"-c {name}" for name in SETTINGS),
    },
}


def init_app(app: Flask, settings: Settings) -> None:
    """Bind ``app`` to its database, starting the embedded server when none is configured."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url or _embedded(settings)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = ENGINE_OPTIONS
    db.init_app(app)
    if settings.database_url is None:
        atexit.register(_close, app)


def _embedded(settings: Settings) -> str:
    """Return the address of the project's own server; the last process to leave stops it."""
    from wholesale import postgres

    server = postgres.ensure_running(settings.instance_path / "postgres")
    atexit.register(postgres.stop_if_idle, server)
    server.create_database(NAME)
    return server.url(NAME)


def _close(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()
