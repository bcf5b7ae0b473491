"""Mails about maintenance, in each person's own zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.mail.operations import write_mail
from wholesale.maintenance.models import MaintenanceWindow


def announce(session: Session, window: MaintenanceWindow) -> int:
    """Write to every active person when ``window`` is and what it means; return how many."""
    people = session.scalars(select(User).where(User.is_active).order_by(User.id)).all()
    for person in people:
        zone = ZoneInfo(person.time_zone)
        write_mail(
            session,
            person.email,
            "maintenance_notice",
            person=person,
            start=_words(window.starts_at, zone),
            end=_words(window.ends_at, zone) if window.ends_at else "",
            reason=window.message,
        )
    return len(people)


def _words(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%A, %d %B %Y, %H:%M %Z}"
