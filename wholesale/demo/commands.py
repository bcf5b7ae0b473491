"""``flask demo``: the demo company."""

import click
from flask.cli import AppGroup

from wholesale.access.seed import seed_permissions
from wholesale.core.clock import today
from wholesale.demo.operations import is_empty, load_demo
from wholesale.demo.people import PASSWORD, SIGN_INS
from wholesale.extensions import db
from wholesale.web.commands import commits

demo = AppGroup("demo", help="The demo company.")


@demo.command("load")
@commits
def load() -> None:
    """Fill a database without users with the demo company.

    Example: flask demo load
    """
    seed_permissions(db.session)
    if not is_empty(db.session):
        raise click.ClickException("The database has users already; nothing was loaded.")
    summary = load_demo(db.session, today())
    click.echo(f"{summary}. Sign in as {SIGN_INS[0]}, password {PASSWORD}.")
