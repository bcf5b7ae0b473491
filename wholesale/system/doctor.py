"""The state of each part at a glance: configured, last success, last error, what waits."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from wholesale.assistant import queries as assistant
from wholesale.assistant.operations import midnight
from wholesale.backup import queries as backup
from wholesale.core.clock import now
from wholesale.core.errors import DomainError
from wholesale.files import queries as files
from wholesale.jobs import queries as jobs
from wholesale.mail import queries as mail
from wholesale.maintenance import queries as windows
from wholesale.maintenance.models import Mode
from wholesale.system.schema import is_behind, present

OVERDUE = timedelta(hours=26)  # a nightly backup, and some patience
SENDGRID, GOOGLE, BUCKET = "SENDGRID_API_KEY", "GOOGLE_API_KEY", "GCS_BUCKET_NAME"


@dataclass(frozen=True)
class Part:
    """One part of the application, and how it stands.

    A part that is not configured is off, which is no fault; ``problem`` says what is one.
    """

    name: str
    is_configured: bool
    summary: str
    problem: str = ""
    last_success: datetime | None = None
    last_error: str = ""
    waiting: int | None = None

    @property
    def label(self) -> str:
        """The word on the badge."""
        return "Trouble" if self.problem else "Well" if self.is_configured else "Off"

    @property
    def tone(self) -> str:
        """The colour of the badge."""
        return "bad" if self.problem else "good" if self.is_configured else "neutral"

    def as_json(self) -> dict[str, Any]:
        """Return the part for a machine."""
        moment = self.last_success.isoformat() if self.last_success else None
        return asdict(self) | {"last_success": moment, "state": self.label.lower()}


def database(session: Session) -> Part:
    """Return how the database stands: its version, and whether migrations wait."""
    version = session.scalar(text("SHOW server_version"))
    found = present(session)
    problem = "Migrations wait: run flask db upgrade." if is_behind(found) else ""
    words = f"PostgreSQL {version}, schema {', '.join(found) or 'empty'}"
    return Part("Database", True, words, problem)


def queue(session: Session) -> Part:
    """Return how the queue stands: a worker is there, nothing is dead."""
    found = jobs.health(session)
    waits = windows.standing(session)[0] is Mode.READ_ONLY
    problem = "" if found.workers or waits else "No worker is up: nothing is sent or made."
    problem = problem or (f"{found.dead} dead jobs: flask jobs list." if found.dead else "")
    words = f"{found.workers} {'worker' if found.workers == 1 else 'workers'}, {found.dead} dead"
    return Part("Jobs", True, words, problem, found.last_success, found.last_error, found.waiting)


def outbox(session: Session) -> Part:
    """Return how mail stands."""
    found = mail.health(session)
    is_on = bool(current_app.config[SENDGRID])
    words = (
        f"SendGrid, {found.failed} failed" if is_on else f"{SENDGRID} is not set: mails are kept"
    )
    problem = f"{found.failed} mails failed: flask mail list." if found.failed and is_on else ""
    return Part("Mail", is_on, words, problem, found.last_sent, found.last_error, found.waiting)


def storage(session: Session) -> Part:
    """Return how files stand, and whether the storage answers."""
    found, bucket = files.health(session), current_app.config[BUCKET]
    words = f"Bucket {bucket}" if bucket else f"{BUCKET} is not set: files lie on this disk"
    problem = files.storage_trouble(current_app.extensions["storage"])
    return Part("Files", True, words, problem, found.last_success, found.last_error, found.waiting)


def ai(session: Session) -> Part:
    """Return how the assistant stands: in trouble when its last question failed."""
    found = assistant.standing(session, midnight("UTC"))
    is_on = bool(current_app.config[GOOGLE])
    words = f"{found.calls} questions and {found.tokens:,} tokens today"
    words = words if is_on else f"{GOOGLE} is not set: everything works without it"
    failed = found.failure if is_on and found.is_failing else None
    problem = "The last question failed: flask ai status." if failed else ""
    success = found.success.updated_at if found.success else None
    return Part("Assistant", is_on, words, problem, success, failed.outcome if failed else "")


def maintenance(session: Session) -> Part:
    """Return whether writes wait, and which windows are scheduled."""
    mode, window = windows.standing(session)
    words = f"{mode.label}: {window.message}" if window and mode is not Mode.OFF else mode.label
    if window and mode is Mode.OFF:
        words = f"Begins {window.starts_at:%Y-%m-%d %H:%M} UTC: {window.message}"
    return Part("Maintenance", mode is not Mode.OFF, words)


def backups(_: Session) -> Part:
    """Return how backups stand: in trouble when a folder is set and the newest is not of today."""
    folder = current_app.config["BACKUP_DIR"]
    if not folder:
        return Part("Backups", False, "BACKUP_DIR is not set: none is made by itself")
    try:
        name = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"]).database or ""
        found = backup.health(Path(folder), name)
    except DomainError as refusal:
        return Part("Backups", True, f"In {folder}", refusal.message)
    age = now() - found.newest if found.newest else None
    hours = f"{age.total_seconds() / 3600:.0f} hours old" if age else "missing"
    problem = "flask backup create, and see why no job made it." if not age or age > OVERDUE else ""
    if found.broken:
        problem = problem or f"{found.broken} cannot be relied on: flask backup list."
    words = f"The newest is {hours}, {found.good} in {folder}"
    return Part("Backups", True, words, problem, found.newest)


def reports(_: Session) -> Part:
    """Return where errors are told beside the log."""
    host = urlsplit(current_app.config["SENTRY_DSN"] or "").hostname
    words = f"Errors go to Sentry at {host}" if host else "SENTRY_DSN is not set: the log has them"
    return Part("Error reports", host is not None, words)


CHECKS: tuple[tuple[str, Callable[[Session], Part]], ...] = (
    ("Database", database),
    ("Jobs", queue),
    ("Mail", outbox),
    ("Files", storage),
    ("Assistant", ai),
    ("Maintenance", maintenance),
    ("Backups", backups),
    ("Error reports", reports),
)


def examine(session: Session) -> list[Part]:
    """Return the state of every part; one that cannot be asked says why."""
    return [_asked(session, name, check) for name, check in CHECKS]


def _asked(session: Session, name: str, check: Callable[[Session], Part]) -> Part:
    try:
        return check(session)
    except SQLAlchemyError as error:
        session.rollback()
        return Part(name, True, "It could not be asked", f"{type(error).__name__}: the database")
