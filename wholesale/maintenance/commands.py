"""``flask maintenance``: reads go on, writes wait."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

import click
from flask.cli import AppGroup

from wholesale.extensions import db
from wholesale.maintenance import operations, queries
from wholesale.maintenance.models import MaintenanceWindow
from wholesale.maintenance.notices import announce
from wholesale.maintenance.state import known
from wholesale.read_only import let_write
from wholesale.web.commands import MOMENT, as_json, commits

maintenance = AppGroup("maintenance", help="Reads go on, writes wait.")
strict = click.option("--read-only", is_flag=True, help="Administrators, jobs, commands too.")


def _switches(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command that works while nobody may write, too."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        with let_write():
            answer = commits(command)(*args, **kwargs)
        known().forget()
        return answer

    return run


@maintenance.command("on")
@click.option("--message", required=True, help="What people read.")
@click.option("--until", type=MOMENT, help="When it ends by itself (UTC).")
@strict
@_switches
def switch_on(message: str, until: datetime | None, read_only: bool) -> None:
    """Refuse writes from now on, within a second, in every process.

    Pages can be read, and what was typed is kept. Administrators may write, unless --read-only
    is given: then the database itself refuses writes of pages, jobs and commands.

    Example: flask maintenance on --message "Prices are being mended" --read-only
    """
    window = operations.switch_on(db.session, message, read_only=read_only, until=until)
    click.echo(f"On: {_words(window)}")


@maintenance.command("off")
@click.option("--scheduled", is_flag=True, help="Call off what is scheduled, too.")
@_switches
def switch_off(scheduled: bool) -> None:
    """Let everybody write again.

    Example: flask maintenance off
    """
    ended = operations.switch_off(db.session)
    click.echo("Off: everybody may write." if ended else "Nothing was on.")
    for window in queries.to_come(db.session):
        if scheduled:
            operations.call_off(db.session, window.id)
        click.echo(f"{'Called off' if scheduled else 'Still scheduled'}: {_words(window)}")


@maintenance.command("status")
@as_json
def status(as_json: bool) -> None:
    """Say what is on and what is scheduled.

    Example: flask maintenance status --json
    """
    found = [("on", w) for w in queries.on_now(db.session)]
    found += [("scheduled", w) for w in queries.to_come(db.session)]
    for state, window in found:
        click.echo(json.dumps(_row(state, window)) if as_json else f"{state}: {_words(window)}")
    if not found and not as_json:
        click.echo("Off, and nothing is scheduled.")


@maintenance.command("schedule")
@click.argument("start", type=MOMENT)
@click.argument("end", type=MOMENT)
@click.option("--message", required=True, help="What people read.")
@click.option("--mail/--no-mail", default=True, show_default=True, help="Write to everybody.")
@strict
@_switches
def schedule(start: datetime, end: datetime, message: str, mail: bool, read_only: bool) -> None:
    """Plan maintenance from START to END (UTC, or with an offset as +01:00).

    People see it coming on every page a day ahead; it begins and ends by itself.

    Example: flask maintenance schedule "2026-12-05 06:00" "2026-12-05 08:00" --message "Upgrade"
    """
    window = operations.schedule(db.session, start, end, message, read_only=read_only)
    told = announce(db.session, window) if mail else 0
    click.echo(f"Scheduled: {_words(window)}; {told} mails.")


def _words(window: MaintenanceWindow) -> str:
    end = f" to {window.ends_at:%Y-%m-%d %H:%M}" if window.ends_at else ""
    who = "nobody may write" if window.is_read_only else "administrators may write"
    return f"from {window.starts_at:%Y-%m-%d %H:%M}{end} UTC, {who}: {window.message}"


def _row(state: str, window: MaintenanceWindow) -> dict[str, Any]:
    return {
        "id": window.id,
        "state": state,
        "starts_at": window.starts_at.isoformat(),
        "ends_at": window.ends_at.isoformat() if window.ends_at else None,
        "message": window.message,
        "read_only": window.is_read_only,
    }
