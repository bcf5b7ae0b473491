"""What commands share: answers as text or JSON, refusals as one line, the operator in the trail."""

import getpass
import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from wholesale.audit.actor import Acting, set_acting
from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.read_only import is_refusal

READ_ONLY = "The database takes no changes now: see flask maintenance status."
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
        except DBAPIError as error:
            db.session.rollback()
            if not is_refusal(error):
                raise
            raise click.ClickException(READ_ONLY) from error
        return answer

    return run


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
