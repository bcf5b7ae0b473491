"""Switching maintenance on and off, and scheduling it (``runbook.md``, maintenance)."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wholesale.core.clock import now
from wholesale.core.errors import DomainError, Invalid
from wholesale.core.text import clean_line
from wholesale.maintenance import queries
from wholesale.maintenance.models import MaintenanceWindow

LOCK = 0x3A17  # one operator at a time


def switch_on(
    session: Session, message: str, *, read_only: bool = False, until: datetime | None = None
) -> MaintenanceWindow:
    """Begin maintenance now, in place of what is on; ``until`` it is switched off when None.

    With ``read_only`` administrators, jobs and commands cannot write either. Returns the window.
    Raises Invalid for an empty message or an end that is past.
    """
    moment = now()
    if until is not None and until <= moment:
        raise Invalid("The end is past.", ends_at="Give a time to come.")
    switch_off(session)
    return _add(session, message, moment, until, read_only)


def switch_off(session: Session) -> int:
    """End what is on and return how many windows that were; what is scheduled stays."""
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    ended = queries.on_now(session)
    for window in ended:
        window.ends_at = now()
    session.flush()
    return len(ended)


def schedule(
    session: Session, start: datetime, end: datetime, message: str, *, read_only: bool = False
) -> MaintenanceWindow:
    """Plan maintenance; it begins and ends by itself. Returns the window.

    Raises Invalid when a time makes no sense, and DomainError when another window lies there.
    """
    if start <= now():
        raise Invalid("The start is past.", starts_at="Give a time to come.")
    if end <= start:
        raise Invalid("The end lies before the start.", ends_at="Give a later time.")
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    for other in [*queries.on_now(session), *queries.to_come(session)]:
        if other.starts_at < end and (other.ends_at is None or start < other.ends_at):
            raise DomainError(f"It overlaps with another window: {other.message}")
    return _add(session, message, start, end, read_only)


def call_off(session: Session, key: int) -> MaintenanceWindow:
    """Take a scheduled window back and return it. Raises NotVisible when it has begun."""
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    window = queries.scheduled(session, key)
    session.delete(window)
    session.flush()
    return window


def _add(
    session: Session, message: str, start: datetime, end: datetime | None, read_only: bool
) -> MaintenanceWindow:
    words = clean_line(message)[:300]
    if not words:
        raise Invalid("Say why.", reason="People read it: say why.")
    window = MaintenanceWindow(starts_at=start, ends_at=end, message=words, is_read_only=read_only)
    session.add(window)
    session.flush()
    return window
