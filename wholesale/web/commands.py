"""What commands share: answers as text or JSON, refusals as one line, the operator in the trail."""

import getpass
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import wraps
from types import TracebackType
from typing import Any

import click
import psycopg
from psycopg import errors
from sqlalchemy.exc import SQLAlchemyError

from wholesale.audit.actor import Acting, set_acting
from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.read_only import is_refusal
from wholesale.web.logs import in_short


class _Moment(click.ParamType):
    """A day or a moment as ISO 8601 writes it: UTC, unless it names an offset."""

    name = "moment"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment: write 2026-11-01 or 2026-11-01T06:00.", param, ctx)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


MOMENT = _Moment()
as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
yes = click.option("--yes", is_flag=True, help="Do not ask.")


def commits(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command as the operator, commit at its end, and print a refusal as one line."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        set_acting(Acting(name=f"command line ({getpass.getuser()})"))
        try:
            answer = command(*args, **kwargs)
            db.session.commit()
        except DomainError as refusal:
            db.session.rollback()
            reasons = [refusal.message, *getattr(refusal, "fields", {}).values()]
            words = " ".join(dict.fromkeys(reasons))
            raise click.ClickException(words) from refusal
        return answer

    return run


def fail_in_one_line() -> None:
    """Let every command of this process that the database fails say why, without its stack.

    It stands where all of them end, those of extensions (``flask db``) as well.
    """
    usual = sys.excepthook

    def told(kind: type[BaseException], error: BaseException, stack: TracebackType | None) -> None:
        if isinstance(error, SQLAlchemyError | psycopg.Error):
            click.echo(f"Error: {database_words(error)}", err=True)
        else:
            usual(kind, error, stack)

    sys.excepthook = told


def database_words(error: BaseException) -> str:
    """Return what became of a statement, and what to do about it, as one line."""
    cause, words = getattr(error, "orig", None) or error, in_short(error)
    if isinstance(cause, errors.UndefinedTable | errors.UndefinedColumn | errors.InvalidSchemaName):
        return f"The database lacks what this version needs: flask db upgrade. ({words})"
    if is_refusal(cause):
        return f"The database takes no writes now: see flask maintenance status. ({words})"
    if isinstance(cause, psycopg.OperationalError) and not cause.sqlstate:
        return f"The database of DATABASE_URL cannot be reached: {words}"
    return f"The database failed: {words}"


def confirm(question: str, sure: bool) -> None:
    """Ask before something that cannot be taken back, unless ``--yes`` was given."""
    if not sure:
        click.confirm(question, abort=True)


def show(rows: Sequence[dict[str, Any]], as_json: bool, empty: str = "Nothing there.") -> None:
    """Print rows as JSON or as a table with a header."""
    if as_json:
        click.echo(json.dumps(rows, default=str, indent=2))
        return
    if not rows:
        click.echo(empty)
        return
    texts = [[_text(value) for value in row.values()] for row in rows]
    heads = [name.replace("_", " ") for name in rows[0]]
    widths = [max(map(len, column)) for column in zip(heads, *texts, strict=True)]
    for line in [heads, *texts]:
        click.echo("  ".join(t.ljust(w) for t, w in zip(line, widths, strict=True)).rstrip())


def _text(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
