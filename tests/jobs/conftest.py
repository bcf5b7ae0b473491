"""Tasks for the tests: each takes a step that a test can look for, or fails on purpose."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.jobs import queue
from wholesale.jobs.progress import tell
from wholesale.leads.models import Lead


def write_lead(session: Session, *, name: str) -> None:
    """Write a lead: what was done is in the database."""
    session.add(Lead(code=f"L-{name}", name=name, company="Ridge Runners"))


def write_and_fail(session: Session, *, name: str) -> None:
    """Write a lead and fail after it."""
    write_lead(session, name=name)
    session.flush()
    raise RuntimeError("the service is away")


def give_up(session: Session, *, name: str) -> None:
    """Fail for good."""
    raise queue.GiveUp(f"{name} has no address")


def count_people(session: Session, *, steps: int) -> None:
    """Tell of each step, and keep what others see of it meanwhile."""
    for step in range(steps):
        tell(session, step + 1, steps, f"step {step + 1}")
        session.query(User).count()


@pytest.fixture
def tasks() -> Iterator[None]:
    """The tests' own tasks, for as long as a test runs."""
    own = {"test.write": write_lead, "test.fail": write_and_fail, "test.give_up": give_up}
    own |= {"test.count": count_people}
    for name, function in own.items():
        queue.task(name, attempts=3)(function)
    yield
    for name in own:
        del queue.TASKS[name]
