"""What a process looks at before it serves: each fault is one line that says what to do."""

import tempfile
from pathlib import Path

import psycopg
import structlog
from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from wholesale.config import ConfigurationError, Settings
from wholesale.database import ENGINE_OPTIONS
from wholesale.extensions import db
from wholesale.system import schema
from wholesale.web.logs import in_short

OLDEST = 15  # of PostgreSQL's versions: older ones are not maintained, nor tried
CONNECT_ARGS = ENGINE_OPTIONS["connect_args"]  # as the pages: a pooler may refuse them
READ_ONLY = "SELECT pg_is_in_recovery(), current_setting('transaction_read_only')"
log = structlog.get_logger("startup")


def check(settings: Settings) -> None:
    """Look at the instance folder and the database.

    Raises ConfigurationError when the process could not do its work with them.
    """
    if not (settings.database_url and settings.gcs_bucket_name):
        _check_folder(settings.instance_path)
    if settings.database_url:
        _check_database(settings.database_url)


def look_at_schema(app: Flask) -> None:
    """Say when migrations wait: pages answer 503 until they are done, then all by itself."""
    try:
        with app.app_context():
            found = schema.present(db.session)
    except SQLAlchemyError as error:
        log.error("Query Failed", reason=in_short(error))
        return
    if schema.is_behind(found):
        log.error("migrations wait: run flask db upgrade", schema=", ".join(found) or "empty")


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise ConfigurationError(
            f"the folder {folder} cannot be written ({error.strerror}). Set INSTANCE_PATH."
        ) from error


def _check_database(url: str) -> None:
    plain = make_url(url).set(drivername="postgresql")
    address = plain.render_as_string(hide_password=False)
    try:
        with psycopg.connect(address, autocommit=True, **CONNECT_ARGS) as connection:
            version = connection.info.server_version // 10_000
            if version < OLDEST:
                raise ConfigurationError(
                    f"PostgreSQL {version} is too old; it takes {OLDEST} or newer."
                )
            is_replica, read_only = connection.execute(READ_ONLY).fetchone() or (False, "off")
    except psycopg.Error as error:
        raise ConfigurationError(
            f"the database of DATABASE_URL cannot be reached: {in_short(error)}"
        ) from error
    if is_replica:
        raise ConfigurationError(
            "the database of DATABASE_URL is a replica, which takes no writes."
        )
    if read_only == "on":  # it may be meant: maintenance
        log.warning("the database is read only: nothing can be changed until that ends")
