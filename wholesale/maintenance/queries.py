"""Reads of windows."""

from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from wholesale.core.clock import now
from wholesale.core.errors import NotVisible
from wholesale.maintenance.models import MaintenanceWindow, Mode
from wholesale.maintenance.state import Window, known


def standing(session: Session) -> tuple[Mode, Window | None]:
    """Return what is on, and the window that pages tell of: that one or the next."""
    session.connection()  # this process knows what its last connection said
    return known().mode, known().shown


def _not_over() -> Select[Any]:
    ends = MaintenanceWindow.ends_at
    query = select(MaintenanceWindow).where(or_(ends.is_(None), ends > now()))
    return query.order_by(MaintenanceWindow.starts_at, MaintenanceWindow.id)


def on_now(session: Session) -> list[MaintenanceWindow]:
    """Return the windows that are on."""
    return list(session.scalars(_not_over().where(MaintenanceWindow.starts_at <= now())))


def to_come(session: Session) -> list[MaintenanceWindow]:
    """Return the windows that are scheduled, the next first."""
    return list(session.scalars(_not_over().where(MaintenanceWindow.starts_at > now())))


def scheduled(session: Session, key: int) -> MaintenanceWindow:
    """Return a window that is to come. Raises NotVisible when there is none of that key."""
    for window in to_come(session):
        if window.id == key:
            return window
    raise NotVisible("There is no such window: it has begun, or was called off.")
