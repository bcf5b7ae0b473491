"""The ``flask`` commands, grouped by noun; each is thin over domain code."""

import sys
import time
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from wholesale import create_app, demo
from wholesale.access.seed import seed_permissions
from wholesale.accounts.sessions import purge_expired
from wholesale.config import ConfigurationError
from wholesale.core.clock import today
from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.imports.northwind import load_northwind
from wholesale.web.limits import purge_counts

HOUSEKEEPING = 600  # seconds

permissions = AppGroup("permissions", help="Roles and what they may do.")
data = AppGroup("data", help="Data in and out.")
demo_company = AppGroup("demo", help="The demo company.")
jobs = AppGroup("jobs", help="Background work.")


@permissions.command("seed")
def permissions_seed() -> None:
    """Add missing roles, resources and permissions; edits stay.

    Example: flask permissions seed
    """
    added = seed_permissions(db.session)
    db.session.commit()
    click.echo(f"{added} permissions added.")


@data.command("load-northwind")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Do the same work and take it back.")
def data_load_northwind(directory: Path, dry_run: bool) -> None:
    """Load the Northwind Traders CSV files of DIRECTORY; a second time changes nothing.

    Example: flask data load-northwind ../shared/data/northwind
    """
    seed_permissions(db.session)
    try:
        report = load_northwind(db.session, directory, dry_run=dry_run)
    except DomainError as refusal:
        raise click.ClickException(refusal.message) from refusal
    db.session.commit()
    click.echo("\n".join(report.lines()))
    sys.exit(0 if report.agrees else 1)


@demo_company.command("load")
def demo_load() -> None:
    """Fill a database without users with the demo company.

    Example: flask demo load
    """
    seed_permissions(db.session)
    if not demo.is_empty(db.session):
        raise click.ClickException("The database has users already; nothing was loaded.")
    summary = demo.load_demo(db.session, today())
    db.session.commit()
    click.echo(f"{summary}. Sign in as {demo.SIGN_INS[0]}, password {demo.PASSWORD}.")


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
        time.sleep(HOUSEKEEPING)


def make_app() -> Flask:
    """Return the application with its commands, for the ``flask`` command line."""
    try:
        made = create_app()
    except ConfigurationError as error:
        sys.exit(f"WholesaleOS cannot start: {error}")
    for group in (permissions, data, demo_company, jobs):
        made.cli.add_command(group)
    return made


app = make_app()
