"""Reads of the queue."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from wholesale.jobs.models import JobStatus
from wholesale.jobs.queue import TASKS

SHOWN = 50
SILENCE = 30.0  # seconds; a worker silent for longer is taken for dead
JOBS = """
SELECT job.id, job.task_name, job.args, job.status::text, job.attempts, job.scheduled_at,
    note.done, note.total, coalesce(note.message, '') AS message, coalesce(note.error, '') AS error,
    (SELECT max(at) FROM procrastinate.procrastinate_events
        WHERE job_id = job.id AND type <> 'scheduled') AS changed_at
FROM procrastinate.procrastinate_jobs job LEFT JOIN job_notes note ON note.job_id = job.id
WHERE (CAST(:status AS text) IS NULL OR job.status::text = :status)
AND (CAST(:before AS bigint) IS NULL OR job.id < :before)
AND (CAST(:key AS bigint) IS NULL OR job.id = :key)
AND NOT (job.status = 'succeeded' AND job.task_name = ANY(:quiet))
ORDER BY job.id DESC LIMIT :limit
"""
COUNTS = """
SELECT status::text, count(*) AS number FROM procrastinate.procrastinate_jobs GROUP BY status
"""
HEALTH = """
SELECT (SELECT count(*) FROM procrastinate.procrastinate_workers
        WHERE last_heartbeat > now() - make_interval(secs => :silence)) AS workers,
    (SELECT max(finished_at) FROM job_notes) AS last_success,
    (SELECT note.error FROM job_notes note WHERE error <> '' ORDER BY job_id DESC LIMIT 1)
        AS last_error
"""


@dataclass(frozen=True)
class QueueHealth:
    """How the queue stands: who works at it, how much waits, what went well or wrong last."""

    workers: int
    waiting: int
    dead: int
    last_success: datetime | None
    last_error: str


@dataclass(frozen=True)
class JobRow:
    """One job as it is listed."""

    id: int
    task_name: str
    args: dict[str, Any]
    status: str
    attempts: int
    scheduled_at: datetime | None
    done: int | None
    total: int | None
    message: str
    error: str
    changed_at: datetime | None

    @property
    def stage(self) -> JobStatus:
        """The status with its words and colour."""
        known = self.status in JobStatus.__members__.values()
        return JobStatus(self.status) if known else JobStatus.CANCELLED

    @property
    def shown_args(self) -> str:
        """What it is about: keys, never the content of a mail."""
        told = {name: value for name, value in self.args.items() if name != "timestamp"}
        return ", ".join(f"{name} {value}" for name, value in told.items())


def jobs(
    session: Session, status: str | None = None, before: int | None = None, limit: int = SHOWN
) -> list[JobRow]:
    """Return jobs, the latest first: those of ``status``, from before the key ``before``.

    Without a status, those that come by themselves and went well are left out.
    """
    quiet = [] if status else [name for name, one in TASKS.items() if one.cron]
    values: dict[str, Any] = {"status": status or None, "before": before, "quiet": quiet}
    values |= {"key": None, "limit": limit}
    return [JobRow(**row) for row in session.execute(text(JOBS), values).mappings()]


def job(session: Session, key: int) -> JobRow | None:
    """Return one job, or None when there is none (any more)."""
    values: dict[str, Any] = {"status": None, "before": None, "key": key, "limit": 1, "quiet": []}
    found = session.execute(text(JOBS), values).mappings().first()
    return JobRow(**found) if found else None


def counts(session: Session) -> dict[JobStatus, int]:
    """Return how many jobs there are of each status."""
    found = {row.status: row.number for row in session.execute(text(COUNTS))}
    return {status: found.get(status.value, 0) for status in JobStatus}


def health(session: Session) -> QueueHealth:
    """Return how the queue stands."""
    row = session.execute(text(HEALTH), {"silence": SILENCE}).one()
    found = counts(session)
    waiting, dead = found[JobStatus.TODO] + found[JobStatus.DOING], found[JobStatus.FAILED]
    return QueueHealth(row.workers, waiting, dead, row.last_success, row.last_error or "")
