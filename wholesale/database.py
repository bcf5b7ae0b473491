"""Which PostgreSQL is used: the one of ``DATABASE_URL``, or the project's own."""

from typing import Any

from wholesale import postgres
from wholesale.config import Settings

NAME = "wholesale"
ENGINE_OPTIONS: dict[str, Any] = {
    "pool_pre_ping": True,
    "pool_size": 10,
    "max_overflow": 10,
    "pool_timeout": 10,
    "connect_args": {"connect_timeout": 5, "options": "-c timezone=UTC"},
}


def url(settings: Settings) -> str:
    """Return the database's address; starts the embedded server when none is configured."""
    if settings.database_url:
        return settings.database_url
    server = postgres.ensure_running(settings.instance_path / "postgres")
    server.create_database(NAME)
    return server.url(NAME)
