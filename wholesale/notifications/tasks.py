"""The mail of the day, and forgetting what is old."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from wholesale.core.clock import now
from wholesale.jobs.queue import task
from wholesale.notifications.models import Notification
from wholesale.notifications.operations import send_digests

KEPT = timedelta(days=180)


@task("notifications.digest", attempts=3, cron="*/15 * * * *")
def digest(session: Session) -> None:
    """Send the mail of the day to whom its hour has come."""
    send_digests(session)


@task("notifications.clean_up", attempts=1, cron="41 3 * * *")
def clean_up(session: Session) -> None:
    """Delete what was told half a year ago."""
    session.execute(delete(Notification).where(Notification.created_at < now() - KEPT))
