"""Forgetting what was read long ago."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from wholesale.core.clock import now
from wholesale.jobs.queue import task
from wholesale.reads.models import AccessRead

KEPT = timedelta(days=90)


@task("reads.forget", attempts=1, cron="41 3 * * *")
def forget(session: Session) -> None:
    """Delete what was read more than ninety days ago."""
    session.execute(delete(AccessRead).where(AccessRead.hour < now() - KEPT))
