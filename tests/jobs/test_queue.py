"""A job exists if and only if the change that needs it does; it is done once, or says why not."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.visitor import Visitor
from wholesale.audit.models import AuditEntry
from wholesale.config import ROOT
from wholesale.jobs import operations, queries
from wholesale.jobs.models import JobNote, JobStatus
from wholesale.jobs.queue import TASKS, defer, task
from wholesale.jobs.runner import run
from wholesale.jobs.tasks import clean_up, take_up_again
from wholesale.jobs.worker import WorkerThread
from wholesale.jobs.worker import work as do_jobs
from wholesale.leads.models import Lead

Work = Callable[[], int]
pytestmark = pytest.mark.usefixtures("tasks")


def leads(session: Session) -> list[str]:
    session.rollback()
    return sorted(lead.name for lead in session.query(Lead))


def due(session: Session) -> None:
    """Let every waiting job's time come."""
    session.execute(text("UPDATE procrastinate.procrastinate_jobs SET scheduled_at = now()"))
    session.commit()


def state(session: Session, key: int) -> queries.JobRow:
    session.rollback()
    found = queries.job(session, key)
    assert found is not None
    return found


def test_a_job_asked_for_in_a_change_that_is_taken_back_does_not_exist(
    session: Session, work: Work
):
    defer(session, "test.write", name="never")
    session.rollback()
    assert work() == 0
    assert leads(session) == []


def test_a_job_is_done_once_the_change_is_there(session: Session, work: Work):
    key = defer(session, "test.write", name="Ridge")
    session.commit()
    assert work() == 1
    assert leads(session) == ["Ridge"]
    assert state(session, key).status == JobStatus.SUCCEEDED
    assert work() == 0


def test_a_task_that_does_not_exist_cannot_be_asked_for(session: Session):
    with pytest.raises(KeyError):
        defer(session, "test.unknown")


def test_two_tasks_of_one_name_are_refused():
    with pytest.raises(RuntimeError, match=r"two tasks test\.write"):
        task("test.write")(TASKS["test.write"].function)


def test_a_failed_job_writes_nothing_waits_longer_each_time_and_dies(session: Session, work: Work):
    key = defer(session, "test.fail", name="half")
    session.commit()
    waits = []
    for _ in range(2):
        work()
        failed = state(session, key)
        assert failed.status == JobStatus.TODO
        assert failed.error == "RuntimeError: the service is away"
        assert failed.scheduled_at is not None
        assert failed.changed_at is not None
        waits.append((failed.scheduled_at - failed.changed_at).total_seconds())
        work()  # too early
        assert state(session, key).attempts == failed.attempts
        due(session)
    work()
    assert state(session, key).status == JobStatus.FAILED
    assert state(session, key).attempts == 3
    assert leads(session) == []
    assert waits[0] > 3
    assert waits[1] > waits[0] * 3


def test_what_cannot_be_helped_by_trying_again_is_dead_at_once(session: Session, work: Work):
    key = defer(session, "test.give_up", name="Ana")
    session.commit()
    work()
    assert state(session, key).status == JobStatus.FAILED
    assert state(session, key).error == "GiveUp: Ana has no address"


def test_a_dead_job_is_tried_again_by_hand_with_all_its_attempts(
    session: Session, work: Work, visit: Callable[[str], Visitor]
):
    key = defer(session, "test.give_up", name="Ana")
    session.commit()
    work()
    admin = visit("admin")
    page = admin.get("/admin/jobs?status=failed").text
    assert "GiveUp: Ana has no address" in page
    assert admin.post(f"/admin/jobs/{key}/retry").status_code == 303
    assert state(session, key).status == JobStatus.TODO
    assert state(session, key).attempts == 0
    assert session.query(AuditEntry).filter_by(entity="jobs", action="retried").count() >= 1
    assert "is back in the queue" in admin.get("/admin/jobs").text
    admin.post(f"/admin/jobs/{key}/retry")
    assert "is not dead (any more)" in admin.get("/admin/jobs").text


def test_a_waiting_job_is_cancelled(session: Session, work: Work, visit: Callable[[str], Visitor]):
    key = defer(session, "test.write", name="no")
    session.commit()
    admin = visit("admin")
    admin.post(f"/admin/jobs/{key}/cancel")
    assert work() == 0
    assert state(session, key).status == JobStatus.CANCELLED
    admin.post(f"/admin/jobs/{key}/cancel")
    assert "is not waiting (any more)" in admin.get("/admin/jobs").text


def test_only_who_may_see_settings_sees_jobs(rep: Visitor):
    assert rep.get("/admin/jobs").status_code == 403


def test_jobs_of_one_lock_run_in_their_order(session: Session, work: Work):
    first = defer(session, "test.fail", name="x", lock="order 1")
    second = defer(session, "test.write", name="y", lock="order 1")
    session.commit()
    work()
    assert state(session, first).status == JobStatus.TODO
    assert state(session, second).status == JobStatus.TODO
    operations.cancel(session, first)
    session.commit()
    assert work() == 1


def test_progress_is_seen_while_the_job_runs(session: Session, work: Work):
    key = defer(session, "test.count", steps=3)
    session.commit()
    work()
    note = state(session, key)
    assert (note.done, note.total, note.message) == (3, 3, "step 3")


def test_a_job_whose_end_the_queue_never_heard_of_is_not_done_twice(
    app: Flask, session: Session, work: Work
):
    key = defer(session, "test.write", name="once")
    session.commit()
    run(app, TASKS["test.write"], key, {"name": "once"})  # and the process dies here
    assert leads(session) == ["once"]
    assert work() == 1
    assert leads(session) == ["once"]
    assert state(session, key).status == JobStatus.SUCCEEDED


KILLED = """
import os, signal, sys, time
from tests.jobs.conftest import write_lead
from wholesale import create_app
from wholesale.config import Settings
from wholesale.jobs.queue import task
from wholesale.jobs.worker import work

@task("test.write", attempts=3)
def slow(session, *, name):
    write_lead(session, name="half")
    session.flush()
    print("begun", flush=True)
    time.sleep(60)

app = create_app(Settings(app_env="test", database_url=sys.argv[1], session_secret="s"))
work(app, comes_by_itself=False)
"""


def test_the_job_of_a_killed_worker_is_taken_up_again(
    session: Session, work: Work, database_url: str
):
    key = defer(session, "test.write", name="whole")
    session.commit()
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, database_url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        process.send_signal(signal.SIGKILL)
    assert state(session, key).status == JobStatus.DOING
    assert take_up_again(session) == 0  # its last sign of life is too young
    session.rollback()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not take_up_again(session, silence=0.1):
        session.rollback()
        time.sleep(0.1)
    session.commit()
    assert work() == 1
    assert leads(session) == ["whole"]


def test_a_job_that_kills_its_worker_time_and_again_is_dead(session: Session):
    key = defer(session, "test.write", name="deadly")
    for _ in range(3):
        session.execute(
            text("UPDATE procrastinate.procrastinate_jobs SET status = 'doing' WHERE id = :key"),
            {"key": key},
        )
        assert take_up_again(session) == 1
    session.commit()
    dead = state(session, key)
    assert (dead.status, dead.error) == (
        JobStatus.FAILED,
        "Its worker was killed, again and again.",
    )


def test_a_job_that_another_process_is_at_still_is_left_to_it(
    app: Flask, session: Session, work: Work
):
    key = defer(session, "test.write", name="one")
    session.commit()
    session.execute(text("SELECT pg_advisory_lock(7201, :key)"), {"key": key})
    work_done = work_beside(app, session, key)
    assert work_done == JobStatus.TODO
    session.execute(text("SELECT pg_advisory_unlock(7201, :key)"), {"key": key})
    session.commit()
    due(session)
    assert work() == 1
    assert leads(session) == ["one"]


def work_beside(app: Flask, session: Session, key: int) -> str:
    """Do what is due without touching the session that holds a lock; return the job's status."""
    with ThreadPoolExecutor() as beside:  # a browser's own loop may run in this thread
        beside.submit(do_jobs, app, wait=False, comes_by_itself=False).result()
    status: str = queries.job(session, key).status  # type: ignore[union-attr]
    return status


def test_the_thread_beside_the_pages_hears_of_a_job_at_once_and_stops(app: Flask, session: Session):
    worker = WorkerThread(app)
    worker.start()
    try:
        defer(session, "test.write", name="soon")
        session.commit()
        deadline = time.monotonic() + 5
        while not leads(session) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert leads(session) == ["soon"]
    finally:
        worker.stop()
    assert not worker.thread.is_alive()


def test_what_was_done_long_ago_is_deleted_with_its_note(session: Session, work: Work):
    old, new = (defer(session, "test.write", name=name) for name in ("old", "new"))
    session.commit()
    work()
    session.execute(
        text("UPDATE procrastinate.procrastinate_events SET at = now() - interval '15 days'"
             " WHERE job_id = :key"), {"key": old},
    )  # fmt: skip
    clean_up(session)
    session.commit()
    assert queries.job(session, old) is None
    assert [note.job_id for note in session.query(JobNote)] == [new]


def test_what_comes_by_itself_is_declared_with_its_hour():
    times = {name: one.cron for name, one in TASKS.items() if one.cron}
    assert times["jobs.take_up_again"] == "* * * * *"
    assert times["accounts.purge_sessions"] == "*/10 * * * *"
