"""``flask doctor``: what is well and what is not, before and after a deployment."""

import json
import sys

import click
from flask.cli import with_appcontext

from wholesale.extensions import db
from wholesale.system.doctor import examine
from wholesale.web.commands import as_json


@click.command("doctor")
@as_json
@with_appcontext
def doctor(as_json: bool) -> None:
    """Say how each part stands; exits with 1 when one is in trouble.

    Example: flask doctor --json
    """
    parts = examine(db.session)
    for part in parts:
        if as_json:
            click.echo(json.dumps(part.as_json()))
            continue
        waits = f", {part.waiting} waiting" if part.waiting is not None else ""
        click.echo(f"{part.label:8} {part.name:10} {part.summary}{waits}")
        for words in (part.problem, part.last_error and f"last error: {part.last_error}"):
            if words:
                click.echo(f"{'':19} {words}")
    sys.exit(1 if any(part.problem for part in parts) else 0)
