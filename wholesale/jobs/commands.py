"""``flask jobs``: doing background work, looking at it, trying it again."""

import json
import sys
from collections.abc import Sequence

import click
from flask import current_app
from flask.cli import AppGroup

from wholesale.extensions import db
from wholesale.jobs import operations, queries
from wholesale.jobs.models import JobStatus
from wholesale.jobs.queue import TASKS, defer
from wholesale.jobs.tasks import take_up_again
from wholesale.jobs.worker import work as do_jobs
from wholesale.web import logs
from wholesale.web.commands import as_json, commits

jobs = AppGroup("jobs", help="Background work.")


@jobs.command("work")
@click.option("--once", is_flag=True, help="Do what is due and stop.")
@click.option("--concurrency", default=2, show_default=True, help="How many at a time.")
def work(once: bool, concurrency: int) -> None:
    """Do background work until stopped.

    Example: flask jobs work --once
    """
    if once:
        _prepare_round()
    logs.configure()  # on stdout, as the pages' process does
    logs.take_the_rest()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    do_jobs(app, wait=not once, concurrency=concurrency, comes_by_itself=not once)
    if once:
        click.echo(_summary())


def _prepare_round() -> None:
    """Let a single round do what dead workers left, and what comes by itself, too."""
    again = take_up_again(db.session)
    for name in [one.name for one in TASKS.values() if one.cron]:
        defer(db.session, name)
    db.session.commit()
    if again:
        click.echo(f"{again} jobs of a dead worker are taken up again.")


@jobs.command("list")
@click.option(
    "--status", type=click.Choice([s.value for s in JobStatus]), help="Only of this status."
)
@click.option("--limit", default=50, show_default=True)
@as_json
def show(status: str | None, limit: int, as_json: bool) -> None:
    """List jobs, the latest first; exits with 1 when there are dead ones.

    Example: flask jobs list --status failed
    """
    for job in queries.jobs(db.session, status, limit=limit):
        if as_json:
            shown = {"id": job.id, "task": job.task_name, "args": job.args, "status": job.status}
            shown |= {"attempts": job.attempts, "error": job.error}
            click.echo(json.dumps(shown))
        else:
            error = f"  {job.error}" if job.error and job.stage is not JobStatus.SUCCEEDED else ""
            about = f"{job.task_name}({job.shown_args})"
            click.echo(f"{job.id:>8}  {job.stage.label:9} {about}, {job.attempts} attempts{error}")
    if not as_json:
        click.echo(_summary())
    sys.exit(1 if queries.counts(db.session)[JobStatus.FAILED] else 0)


@jobs.command("retry")
@click.argument("key", type=int, required=False)
@click.option("--all", "everything", is_flag=True, help="Every dead job.")
def retry(key: int | None, everything: bool) -> None:
    """Put a dead job, or all of them, back into the queue.

    Example: flask jobs retry 4711
    """
    if (key is None) != everything:
        raise click.UsageError("Name one job, or --all.")
    done = _retry([key] if key is not None else [job.id for job in _dead()])
    click.echo(f"{done} back in the queue.")
    sys.exit(0 if done or everything else 1)


@commits
def _retry(keys: Sequence[int]) -> int:
    return sum(operations.retry(db.session, key) for key in keys)


def _dead() -> list[queries.JobRow]:
    return queries.jobs(db.session, JobStatus.FAILED, limit=10_000)


def _summary() -> str:
    counts = queries.counts(db.session)
    return (
        ", ".join(f"{number:,} {status.label.lower()}" for status, number in counts.items()) + "."
    )
