"""What accounts do by themselves."""

from sqlalchemy.orm import Session

from wholesale.accounts.sessions import purge_expired
from wholesale.jobs.queue import task


@task("accounts.purge_sessions", attempts=1, cron="*/10 * * * *")
def purge_sessions(session: Session) -> None:
    """Delete sessions that ran out."""
    purge_expired(session)
