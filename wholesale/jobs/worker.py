"""The worker: takes jobs from the queue, in a process of its own or in a thread of ``web``."""

import asyncio
import atexit
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import procrastinate
import structlog
from flask import Flask
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from wholesale.extensions import db
from wholesale.jobs.queries import SILENCE
from wholesale.jobs.queue import QUEUE, TASKS, GiveUp, Task
from wholesale.jobs.runner import run
from wholesale.read_only import is_on, is_refusal

FIRST_WAIT, GROWTH = 5, 4  # seconds before the second attempt; how many times longer each next
HEARTBEAT = 10.0  # seconds between two signs of life
LEAVE = 20.0  # seconds that a stopping worker gives the job it is at
LOOK = 1.0  # seconds between two looks whether maintenance has begun or ended
POLL = 5.0  # seconds; new jobs are heard of at once, this is for those whose time comes
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
    connector = procrastinate.PsycopgConnector(
        conninfo=url.render_as_string(hide_password=False),
        kwargs={"options": options},
        min_size=1,
        max_size=4,
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


async def _run(queue: procrastinate.App, engine: Engine, wait: bool, **options: Any) -> None:
    """Take jobs while the database takes writes; in maintenance they wait in the queue."""
    async with queue.open_async():
        while True:
            if not await asyncio.to_thread(is_on, engine):
                worker = asyncio.ensure_future(_take(queue, wait=wait, **options))
                if not wait or await _ended(worker, engine):
                    return await worker
            elif not wait:
                return None
            await asyncio.sleep(LOOK)


async def _take(queue: procrastinate.App, **options: Any) -> None:
    await queue.run_worker_async(
        queues=[QUEUE],
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=SILENCE,
        fetch_job_polling_interval=POLL,
        abort_job_polling_interval=POLL,
        shutdown_graceful_timeout=LEAVE,
        **options,
    )


async def _ended(worker: asyncio.Future[None], engine: Engine) -> bool:
    """Wait for the worker; False when it was sent away because maintenance began."""
    try:
        while not worker.done():
            await asyncio.wait({worker}, timeout=LOOK)
            if not worker.done() and await asyncio.to_thread(is_on, engine):
                worker.cancel()
                await asyncio.wait({worker})
                return False
    except asyncio.CancelledError:
        worker.cancel()
        await asyncio.wait({worker})
        raise
    return True


def work(
    app: Flask, *, wait: bool = True, concurrency: int = 1, comes_by_itself: bool = True
) -> None:
    """Do jobs in this process until it is told to stop; without ``wait``, those that are due."""
    is_main = threading.current_thread() is threading.main_thread()
    options = {"concurrency": concurrency, "install_signal_handlers": wait and is_main}
    with app.app_context():
        engine = db.engine
    asyncio.run(_run(queue_app(app, comes_by_itself), engine, wait, **options))


class WorkerThread:
    """A worker beside the requests of this process: one process is enough for a small house."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.engine = db.engine
        self.stopping = threading.Event()
        self._cancel: Callable[[], object] = lambda: None
        self.thread = threading.Thread(target=self._work, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin, and stop with the process."""
        self.thread.start()
        atexit.register(self.stop)

    def stop(self) -> None:
        """Take no further job, and wait for the one under way as long as it is given."""
        self.stopping.set()
        self._cancel()
        self.thread.join(LEAVE + 5)

    def _work(self) -> None:
        while not self.stopping.is_set():
            try:
                asyncio.run(self._until_stopped())
            except asyncio.CancelledError:
                return
            except Exception as error:
                # The database is away, say; the pages go on, and so does this once it is back.
                log.warning("the worker stopped and begins again", error=str(error))
                self.stopping.wait(FIRST_WAIT)

    async def _until_stopped(self) -> None:
        running = asyncio.ensure_future(
            _run(queue_app(self.app), self.engine, True, install_signal_handlers=False)
        )
        loop = asyncio.get_running_loop()
        self._cancel = lambda: loop.is_closed() or loop.call_soon_threadsafe(running.cancel)
        if self.stopping.is_set():
            running.cancel()
        await running
