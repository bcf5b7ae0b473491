"""Bringing a dead job back, and taking a waiting one out."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from wholesale.audit.recording import note

# A retry by hand has all its attempts again.
RETRY = text("""
UPDATE procrastinate.procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = now()
WHERE id = :key AND status = 'failed' RETURNING id
""")
CANCEL = text("SELECT procrastinate.procrastinate_cancel_job_v1(:key, false, false)")
LEAVE = text("DELETE FROM procrastinate.procrastinate_workers WHERE id = :key")


def leave_queue(session: Session, worker: int) -> None:
    """Take a worker that is no more off the list; what it was at is taken up by another."""
    session.execute(LEAVE, {"key": worker})


def retry(session: Session, key: int) -> bool:
    """Put a dead job back into the queue; returns whether there was one to put back."""
    done = session.execute(RETRY, {"key": key}).scalar() is not None
    if done:
        note(session, "retried", "jobs", key)
    return done


def cancel(session: Session, key: int) -> bool:
    """Take a waiting job out; returns whether it was waiting still."""
    done = session.execute(CANCEL, {"key": key}).scalar() is not None
    if done:
        note(session, "cancelled", "jobs", key)
    return done
