"""Runs one job: in a transaction of its own, done once however often it is taken up."""

import time
from contextlib import suppress

import structlog
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from structlog.contextvars import bound_contextvars

from wholesale.audit.actor import NOBODY, Acting, set_acting
from wholesale.core.clock import now
from wholesale.extensions import db
from wholesale.jobs.models import JobNote
from wholesale.jobs.progress import KEY, noted
from wholesale.jobs.queue import Task

LOCKS = 7_201  # the first half of the advisory locks' keys: one per job
# A job may take its time, unlike a request.
PATIENCE = (
    "SET LOCAL statement_timeout = '10min'",
    "SET LOCAL idle_in_transaction_session_timeout = '10min'",
)
log = structlog.get_logger("jobs")


class Busy(Exception):
    """Another process is at this job still; it is tried again later."""


def run(app: Flask, task: Task, job_id: int, args: dict[str, object]) -> None:
    """Do the job ``job_id``, unless it was done before a crash kept the queue from hearing.

    What the task writes and that it is done become true together. Raises what the task
    raises, with nothing of it written but the error.
    """
    start = time.perf_counter()
    # Whatever is logged on the way tells which job it was.
    with bound_contextvars(job=job_id, task=task.name), app.app_context():
        set_acting(Acting(name=f"job {task.name}"))
        try:
            done = _in_transaction(task, job_id, args)
        except Exception as error:
            log.warning("job failed", error=_words(error))
            with suppress(SQLAlchemyError):  # the database may be what failed
                db.session.rollback()
                _note_error(job_id, error)
            raise
        finally:
            set_acting(NOBODY)
        took = round((time.perf_counter() - start) * 1000, 1)
        log.info("job done" if done else "job was done", ms=took)


def _in_transaction(task: Task, job_id: int, args: dict[str, object]) -> bool:
    session = db.session
    for setting in PATIENCE:
        session.execute(text(setting))
    if not session.scalar(select(func.pg_try_advisory_xact_lock(LOCKS, job_id % 2**31))):
        raise Busy("another process is at it still")
    note = session.get(JobNote, job_id)
    if note is not None and note.finished_at:
        return False
    session.info[KEY] = job_id
    task.function(session, **args)
    session.execute(noted(job_id, finished_at=now(), error=""))
    session.commit()
    return True


def _note_error(job_id: int, error: Exception) -> None:
    db.session.execute(noted(job_id, error=_words(error)))
    db.session.commit()


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000]
