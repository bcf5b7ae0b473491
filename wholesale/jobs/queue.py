"""What can be done beside the requests, and how it is asked for.

A room declares its tasks in its ``tasks.py``::

    @task("mail.send", attempts=6)
    def send(session: Session, *, mail_id: int) -> None: ...

and asks for one in the transaction that needs it: ``defer(session, "mail.send", mail_id=7)``.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

QUEUE = "default"
DEFER = text("""
SELECT unnest(procrastinate.procrastinate_defer_jobs_v1(ARRAY[ROW(
    :queue, :task, 0, :lock, NULL, CAST(:args AS jsonb), CAST(:at AS timestamptz)
)::procrastinate.procrastinate_job_to_defer_v1]))
""")


# Does it in a transaction of its own and commits nothing; takes the session and, by name, its args.
Function = Callable[..., None]


@dataclass(frozen=True)
class Task:
    """Something that can be done: how often it is tried, and when it comes by itself."""

    name: str
    function: Function
    attempts: int
    cron: str | None = None


class GiveUp(Exception):
    """Trying again cannot help; the job is dead at once, and says why."""


TASKS: dict[str, Task] = {}


def task(name: str, attempts: int = 5, cron: str | None = None) -> Callable[[Function], Function]:
    """Declare the decorated function as the task ``name``.

    It is tried ``attempts`` times at most, each time after a longer wait. With ``cron`` (five
    fields, UTC) it comes by itself, once however many processes are up.
    """

    def declare(function: Function) -> Function:
        if name in TASKS:
            raise RuntimeError(f"There are two tasks {name}.")
        TASKS[name] = Task(name, function, attempts, cron)
        return function

    return declare


def defer(
    session: Session,
    name: str,
    /,
    *,
    lock: str | None = None,
    at: datetime | None = None,
    **args: Any,
) -> int:
    """Ask for the task ``name`` with ``args`` (JSON), in the transaction of ``session``.

    Of the jobs with one ``lock`` only one runs at a time, in their order; ``at`` is the
    earliest moment. Returns the job's key. Raises KeyError for a task that there is not.
    """
    values = {"queue": QUEUE, "task": TASKS[name].name, "lock": lock, "at": at}
    key: int = session.execute(DEFER, values | {"args": json.dumps(args)}).scalar_one()
    return key
