"""``flask jobs``: background work."""

import time

import click
from flask.cli import AppGroup

from wholesale.accounts.sessions import purge_expired
from wholesale.extensions import db
from wholesale.web.limits import purge_counts

HOUSEKEEPING = 600  # seconds

jobs = AppGroup("jobs", help="Background work.")


@jobs.command("work")
@click.option("--once", is_flag=True, help="Do what is due and stop.")
def work(once: bool) -> None:
    """Do background work until stopped: every ten minutes, delete what ran out.

    Example: flask jobs work --once
    """
    while True:
        gone = purge_expired(db.session)
        purge_counts(db.session)
        db.session.commit()
        click.echo(f"{gone} expired sessions deleted.")
        if once:
            return
        time.sleep(HOUSEKEEPING)
