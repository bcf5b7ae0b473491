"""The worker: takes jobs from the queue, in a process of its own or in a thread of ``web``."""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import procrastinate
import structlog
from flask import Flask
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy
from procrastinate.worker import Worker as QueueWorker
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from wholesale.extensions import db
from wholesale.jobs.operations import leave_queue
from wholesale.jobs.queries import SILENCE
from wholesale.jobs.queue import QUEUE, TASKS, GiveUp, Task
from wholesale.jobs.runner import run
from wholesale.jobs.tasks import take_up_again
from wholesale.read_only import is_on, is_refusal
from wholesale.web.logs import in_short

FIRST_WAIT, GROWTH = 5, 4  # seconds before the second attempt; how many times longer each next
HEARTBEAT = 10.0  # seconds between two signs of life
PAUSE = 1.0  # seconds between two looks whether the database is there and takes writes
POLL = 5.0  # seconds; new jobs are heard of at once, this is for those whose time comes
WAIT = 5.0  # seconds for a connection
log = structlog.get_logger("jobs")


class _Retry(BaseRetryStrategy):
    """A few attempts, each after a longer wait; none where none can help."""

    def __init__(self, attempts: int) -> None:
        self.attempts = attempts

    def get_retry_decision(
        self, *, exception: BaseException, job: Job
    ) -> procrastinate.RetryDecision | None:
        """Return when to try again; None when the job is dead."""
        if is_refusal(exception):  # maintenance began meanwhile: no fault of the job
            return procrastinate.RetryDecision(retry_in={"seconds": FIRST_WAIT})
        if isinstance(exception, GiveUp) or job.attempts + 1 >= self.attempts:
            return None
        seconds = FIRST_WAIT * GROWTH**job.attempts
        return procrastinate.RetryDecision(retry_in={"seconds": seconds})


def queue_app(app: Flask, comes_by_itself: bool = True) -> procrastinate.App:
    """Return the queue with every task, on the database of ``app``.

    With ``comes_by_itself`` its workers see to the tasks that have their hours, too.
    """
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).set(drivername="postgresql")
    options = "-c search_path=procrastinate -c timezone=UTC"
    reach = app.config["SQLALCHEMY_ENGINE_OPTIONS"]["connect_args"]
    connector = procrastinate.PsycopgConnector(
        conninfo=url.render_as_string(hide_password=False),
        kwargs=reach | {"options": options},
        min_size=1,
        max_size=4,
        timeout=WAIT,
    )
    queue = procrastinate.App(connector=connector)
    for task in TASKS.values():
        declared = queue.task(
            name=task.name, queue=QUEUE, retry=_Retry(task.attempts), pass_context=True
        )(partial(_work, app, task))
        if task.cron and comes_by_itself:
            queue.periodic(cron=task.cron)(declared)
    return queue


def _work(app: Flask, task: Task, context: Any, **args: Any) -> None:
    if task.cron:
        args.pop("timestamp", None)
    run(app, task, context.job.id, args)


def work(
    app: Flask, *, wait: bool = True, concurrency: int = 1, comes_by_itself: bool = True
) -> None:
    """Do jobs in this process until it is told to stop; without ``wait``, those that are due."""
    worker = Worker(app, wait=wait, concurrency=concurrency, comes_by_itself=comes_by_itself)
    if not wait:
        if not worker.is_kept_off():
            asyncio.run(worker.until_told())
        return
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.leave_in_time())
    worker.work()


class Worker:
    """Takes jobs until it is told to leave, and comes back when the database does."""

    def __init__(self, app: Flask, *, comes_by_itself: bool = True, **options: Any) -> None:
        self.app, self.comes_by_itself, self.options = app, comes_by_itself, options
        self.stopping = threading.Event()
        self._queue_worker: QueueWorker | None = None
        self._cancel: Callable[[], object] = lambda: None

    def work(self) -> None:
        """Do jobs until told to leave, whatever becomes of the database meanwhile."""
        self._wait_for_database(0)
        while not self.stopping.is_set():
            try:
                asyncio.run(self.until_told())
            except asyncio.CancelledError:
                pass  # told to leave; else it begins again
            except Exception as error:
                log.warning(
                    "the worker stopped and begins again", error=in_short(error.__cause__ or error)
                )
            self._wait_for_database()

    def leave(self) -> None:
        """Take no further job; the one under way may end within the time that is given."""
        self.stopping.set()
        self._cancel()

    def leave_in_time(self) -> None:
        """Leave, and end the process when the job under way takes longer than is given."""
        self.leave()
        clock = threading.Timer(self.app.config["STOP_SECONDS"] + 1, self.end_process)
        clock.daemon = True
        clock.start()

    def end_process(self) -> None:
        """End the process at once: what was under way is undone, and handed back."""
        with suppress(SQLAlchemyError), self.app.app_context():
            self._leave_queue()
            db.session.commit()
        log.warning("the job under way takes too long and is handed back")
        sys.stdout.flush()
        os._exit(0)

    async def until_told(self) -> None:
        """Do jobs until told to leave. Raises what the database raises when it goes away."""
        async with queue_app(self.app, self.comes_by_itself).open_async() as queue:
            worker = self._queue_worker = QueueWorker(
                queue,
                queues=[QUEUE],
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=SILENCE,
                fetch_job_polling_interval=POLL,
                abort_job_polling_interval=POLL,
                shutdown_graceful_timeout=self.app.config["STOP_SECONDS"],
                install_signal_handlers=False,
                **self.options,
            )
            running = asyncio.ensure_future(worker.run())
            loop = asyncio.get_running_loop()
            self._cancel = lambda: loop.is_closed() or loop.call_soon_threadsafe(running.cancel)
            if self.stopping.is_set():
                running.cancel()
            await self._until_kept_off(running)
            await running

    def is_kept_off(self) -> bool:
        """Tell whether jobs have to wait: in maintenance nothing is written."""
        with self.app.app_context():
            return is_on(db.engine)

    async def _until_kept_off(self, running: asyncio.Future[None]) -> None:
        """Wait until the worker has ended; in maintenance end it, and it waits to begin again."""
        while not (await asyncio.wait({running}, timeout=PAUSE))[0]:
            if await asyncio.to_thread(self.is_kept_off):
                running.cancel()
                await asyncio.wait({running})

    def _wait_for_database(self, pause: float = PAUSE) -> None:
        """Wait until it takes writes; what this worker was at when it left is taken up again."""
        while not self.stopping.wait(pause):
            pause = PAUSE
            with suppress(SQLAlchemyError), self.app.app_context():
                self._leave_queue()
                take_up_again(db.session)
                db.session.commit()
                return

    def _leave_queue(self) -> None:
        """Take this worker off the queue's list: its jobs are nobody's then."""
        if self._queue_worker and self._queue_worker.worker_id is not None:
            leave_queue(db.session, self._queue_worker.worker_id)


class WorkerThread(Worker):
    """A worker beside the requests of this process: one process is enough for a small house."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.thread = threading.Thread(target=self.work, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin, beside whatever this process does."""
        self.thread.start()

    def stop(self) -> bool:
        """Take no further job, and wait for the one under way; returns whether it has ended."""
        self.leave()
        return self.ended_by(time.monotonic() + self.app.config["STOP_SECONDS"])

    def ended_by(self, deadline: float) -> bool:
        """Wait until the worker has ended, or ``deadline``; returns whether it has."""
        self.thread.join(max(0.1, deadline - time.monotonic()))
        return not self.thread.is_alive()
