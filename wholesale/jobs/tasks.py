"""The queue's own upkeep: jobs of dead workers are taken up again, old ones are deleted."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from wholesale.jobs.queries import SILENCE
from wholesale.jobs.queue import TASKS, task
from wholesale.web.limits import purge_counts

KEPT_DAYS = 14
MOST_DEATHS = 3  # a job that kills its process would do so for ever
STALLED = text("""
SELECT job.id, job.attempts FROM procrastinate.procrastinate_jobs job
LEFT JOIN procrastinate.procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing'
AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => :silence))
ORDER BY job.id FOR UPDATE OF job SKIP LOCKED
""")
AGAIN = text("SELECT procrastinate.procrastinate_retry_job_v2(:key, now(), NULL, NULL, NULL)")
DEAD = text("SELECT procrastinate.procrastinate_finish_job_v1(:key, 'failed', false)")
NOTE = text("""
INSERT INTO job_notes (job_id, error) VALUES (:key, 'Its worker was killed, again and again.')
ON CONFLICT (job_id) DO UPDATE SET error = excluded.error
""")
OLD = text("""
DELETE FROM procrastinate.procrastinate_jobs job WHERE status IN ('succeeded', 'cancelled')
AND (SELECT max(at) FROM procrastinate.procrastinate_events WHERE job_id = job.id)
    < now() - make_interval(days => CASE WHEN task_name = ANY(:quiet) THEN 1 ELSE :days END)
AND NOT EXISTS (
    SELECT FROM procrastinate.procrastinate_periodic_defers WHERE job_id = job.id
)
""")
OLD_NOTES = text("""
DELETE FROM job_notes WHERE NOT EXISTS (
    SELECT FROM procrastinate.procrastinate_jobs WHERE id = job_notes.job_id
)
""")


def take_up_again(session: Session, silence: float = SILENCE) -> int:
    """Put the jobs of workers silent for ``silence`` seconds back; returns how many there were.

    A job whose worker died time and again is dead.
    """
    found = session.execute(STALLED, {"silence": silence}).all()
    for job in found:
        key = {"key": job.id}
        if job.attempts + 1 < MOST_DEATHS:
            session.execute(AGAIN, key)
        else:
            session.execute(DEAD, key)
            session.execute(NOTE, key)
    return len(found)


@task("jobs.take_up_again", attempts=1, cron="* * * * *")
def take_up(session: Session) -> None:
    """Look for jobs whose worker was killed, every minute."""
    take_up_again(session)


@task("jobs.clean_up", attempts=1, cron="17 3 * * *")
def clean_up(session: Session) -> None:
    """Delete jobs that were done two weeks ago, with their notes, and old counts of requests."""
    quiet = [name for name, one in TASKS.items() if one.cron]
    session.execute(OLD, {"days": KEPT_DAYS, "quiet": quiet})
    session.execute(OLD_NOTES)
    purge_counts(session)
