"""The ``flask`` commands, grouped by noun; each is thin over domain code."""

import time

import click
from flask import Flask
from flask.cli import AppGroup

from wholesale import create_app
from wholesale.access.seed import seed_permissions
from wholesale.accounts.sessions import purge_expired
from wholesale.extensions import db
from wholesale.web.limits import purge_counts

permissions = AppGroup("permissions", help="Roles and what they may do.")
data = AppGroup("data", help="Data in and out.")
demo = AppGroup("demo", help="The demo company.")
jobs = AppGroup("jobs", help="Background work.")


@permissions.command("seed")
def permissions_seed() -> None:
    """Add missing roles, resources and permissions; edits stay.

    Example: flask permissions seed
    """
    added = seed_permissions(db.session)
    db.session.commit()
    click.echo(f"{added} permissions added.")


@jobs.command("work")
@click.option("--once", is_flag=True, help="Do what is due and stop.")
def jobs_work(once: bool) -> None:
    """Do background work until stopped: every ten minutes, delete what ran out.

    Example: flask jobs work --once
    """
    while True:
        gone = purge_expired()
        purge_counts(db.session)
        db.session.commit()
        click.echo(f"{gone} expired sessions deleted.")
        if once:
            return
        time.sleep(600)


def register(app: Flask) -> Flask:
    """Add the commands to ``app``."""
    for group in (permissions, data, demo, jobs):
        app.cli.add_command(group)
    return app


app = register(create_app())
