"""What the commands share: which folder and database are meant, the bar, the line in the trail."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from wholesale.audit.recording import note
from wholesale.backup.address import Address
from wholesale.backup.programs import Progress
from wholesale.backup.store import Backup
from wholesale.extensions import db
from wholesale.read_only import let_write


def live() -> Address:
    """Return the address of the application's own database."""
    return Address.of(current_app.config["SQLALCHEMY_DATABASE_URI"])


def goal(beside: Address, target: str) -> Address:
    """Return the address that ``target`` says: one, or a database's name on the same server."""
    return Address.of(target) if "://" in target else beside.named(target)


def folder(place: Path | None) -> Path:
    """Return where backups lie: the given folder, else ``BACKUP_DIR``, else one of our own."""
    given = place or current_app.config["BACKUP_DIR"] or Path(current_app.instance_path, "backups")
    return Path(given)


def note_all(action: str, backups: Iterable[Backup]) -> None:
    """Put it into the trail; a database that takes no writes keeps nobody from a backup."""
    try:
        with let_write():  # also during maintenance, which is when one restores
            for one in backups:
                note(db.session, action, "backup", one.name)
    except SQLAlchemyError as error:
        db.session.rollback()
        click.echo(f"It is not in the trail: {type(error).__name__}.", err=True)


@contextmanager
def bar(label: str, hidden: bool = False) -> Iterator[Progress]:
    """Show how many tables are done; gives what is to be called."""
    hidden = hidden or not sys.stderr.isatty()
    with click.progressbar(length=0, label=label, file=sys.stderr, hidden=hidden) as shown:

        def step(_: int, total: int) -> None:
            shown.length = total
            shown.update(1)

        yield step
