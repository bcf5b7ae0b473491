"""``flask smoke URL``: whether a deployment works, tried out from end to end."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from wholesale.extensions import db
from wholesale.smoke import traces
from wholesale.smoke.client import Browser, Failed
from wholesale.smoke.steps import STEPS, Step, Try
from wholesale.web.commands import as_json, commits, database_words, show

LOCK = (7_202, 1)  # one run at a time


@dataclass(frozen=True)
class Result:
    """How a step went."""

    step: str
    result: str  # ok, failed, not tried
    ms: int
    detail: str = ""


@click.command("smoke")
@click.argument("url")
@click.option("--mail-to", default="", help="Where its mail goes; a mailbox that exists is best.")
@click.option("--timeout", default=10.0, show_default=True, help="Seconds to wait for an answer.")
@click.option("--wait", default=30.0, show_default=True, help="Seconds to wait for the mail.")
@as_json
@with_appcontext
def smoke(url: str, mail_to: str, timeout: float, wait: float, as_json: bool) -> None:
    """Try a running deployment out: exit 1 when a step fails.

    Run it with the deployment's own environment: in its database it makes an account of its
    own, which can do little and is shut between runs. It signs in, begins an order, keeps a
    file, has a mail sent, and takes everything away again, also what a killed run has left. The
    order stays a draft, so no order number is used up and no figure counts it.

    Example: flask smoke https://wholesale.example.com --mail-to it@example.com
    """
    try:
        browser = Browser(url, timeout)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    with _alone():
        results = _tried(browser, mail_to, wait)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in results], indent=2))
    else:
        show([asdict(one) for one in results], False)
    sys.exit(0 if all(one.result == "ok" for one in results) else 1)


@contextmanager
def _alone() -> Iterator[None]:
    """Keep a second run out. Raises ClickException when there is one."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(select(func.pg_try_advisory_lock(*LOCK))):
            raise click.ClickException("Another smoke test is under way: try again in a minute.")
        try:
            yield
        finally:
            connection.scalar(select(func.pg_advisory_unlock(*LOCK)))


def _tried(browser: Browser, mail_to: str, wait: float) -> list[Result]:
    """Take every step, and clean up whatever happens."""
    made: list[traces.Prepared] = []

    def prepare() -> str:
        left = _cleaned()
        made.append(_made(mail_to))
        return f"an earlier run had left {', '.join(left)}" if left else ""

    results = [_timed("prepare", prepare)]
    try:
        if made:
            run = Try(browser, db.session, made[0], wait)
            for step in STEPS:
                results.append(_result(run, step))
    finally:
        results.append(_timed("clean up", lambda: _cleaned() and ""))
    return results


def _result(run: Try, step: Step) -> Result:
    missing = [name for name in step.needs if name not in run.done]
    if missing:
        return Result(step.name, "not tried", 0, f"it needs: {', '.join(missing)}")
    result = _timed(step.name, lambda: step.take(run))
    if result.result == "ok":
        run.done.add(step.name)
    return result


def _timed(name: str, take: Callable[[], str]) -> Result:
    start = time.perf_counter()
    try:
        result, detail = "ok", take()
    except (Failed, SQLAlchemyError, click.ClickException) as error:
        db.session.rollback()
        result, detail = "failed", _words(error)
    return Result(name, result, round((time.perf_counter() - start) * 1000), detail)


_made = commits(lambda mail_to: traces.prepare(db.session, mail_to))
_cleaned = commits(lambda: traces.remove(db.session))


def _words(error: Exception) -> str:
    if isinstance(error, SQLAlchemyError):
        return database_words(error)
    return str(getattr(error, "message", None) or error).strip().partition("\n")[0]
