"""What the assistant does by itself."""

from sqlalchemy.orm import Session

from wholesale.assistant.operations import forget
from wholesale.jobs.queue import task


@task("assistant.forget", attempts=1, cron="20 4 * * *")
def forget_old(session: Session) -> None:
    """Delete what was asked long ago."""
    forget(session)
