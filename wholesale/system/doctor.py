"""The state of each part at a glance: configured, last success, last error, what waits."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from wholesale.jobs import queries as jobs
from wholesale.mail import queries as mail
from wholesale.system.schema import is_behind, present

SENDGRID = "SENDGRID_API_KEY"


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
    problem = "" if found.workers else "No worker is up: nothing is sent or made."
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


CHECKS: tuple[tuple[str, Callable[[Session], Part]], ...] = (
    ("Database", database),
    ("Jobs", queue),
    ("Mail", outbox),
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
