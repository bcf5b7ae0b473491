"""Reads of one person's notifications."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wholesale.core.errors import NotVisible
from wholesale.notifications.models import Notification

SHOWN = 50
MANY = 99


def latest(session: Session, user_id: int) -> list[Notification]:
    """Return what a person was told last, the latest first."""
    query = select(Notification).where(Notification.user_id == user_id, Notification.is_shown)
    return list(session.scalars(query.order_by(Notification.id.desc()).limit(SHOWN)))


def unread(session: Session, user_id: int) -> int:
    """Return how many a person has not read, counted up to a hundred."""
    few = select(Notification.id).where(
        Notification.user_id == user_id, Notification.read_at.is_(None), Notification.is_shown
    )
    return session.scalar(select(func.count()).select_from(few.limit(MANY + 1).subquery())) or 0


def notification(session: Session, user_id: int, key: int) -> Notification:
    """Return one of a person's own. Raises NotVisible for anybody else's."""
    found = session.get(Notification, key)
    if found is None or found.user_id != user_id:
        raise NotVisible("There is no such notification.")
    return found
