"""The nightly backup, where a folder is set for it."""

from pathlib import Path

from flask import current_app
from sqlalchemy import text
from sqlalchemy.orm import Session

from wholesale.audit.recording import note
from wholesale.backup.address import Address
from wholesale.backup.operations import create, prune
from wholesale.backup.retention import Rule
from wholesale.jobs.queue import task


@task("backup.nightly", attempts=2, cron="40 2 * * *")
def nightly(session: Session) -> None:
    """Make a backup and let old ones go, when ``BACKUP_DIR`` is set."""
    folder = current_app.config["BACKUP_DIR"]
    if folder:
        # This transaction waits for pg_dump, however long that takes.
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        source = Address.of(current_app.config["SQLALCHEMY_DATABASE_URI"])
        made = create(source, Path(folder), by="nightly job")
        note(session, "made a backup", "backup", made.name)
        for gone in prune(Path(folder), source.name, Rule()):
            note(session, "deleted a backup", "backup", gone.name)
