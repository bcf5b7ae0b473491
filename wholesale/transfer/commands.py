"""``flask data``: all data out into one file, and back into an empty database."""

import os
import sys
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from wholesale.audit.recording import note
from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.read_only import let_write
from wholesale.transfer.container import opened, written
from wholesale.transfer.export import SNAPSHOT, expected_rows
from wholesale.transfer.export import export as export_all
from wholesale.transfer.load import load, refuse_unreadable, undone
from wholesale.transfer.manifest import Manifest
from wholesale.transfer.troubles import told
from wholesale.web.commands import as_json, commits, confirm, yes

data = AppGroup("data", help="Data in and out.")
FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


def _bar(length: int, label: str) -> Any:
    """Return a progress bar, shown on a terminal only."""
    return click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    )


def _refused(error: DomainError) -> click.ClickException:
    return click.ClickException(error.message)


def _summary(manifest: Manifest) -> str:
    tables = f"{manifest.rows:,} rows of {len(manifest.tables)} tables"
    return f"{tables}, schema {manifest.schema_revision}"


@data.command("export")
@FILE
@click.option("--anonymize", is_flag=True, help="Replace all that identifies somebody.")
@yes
def export(file: Path, anonymize: bool, yes: bool) -> None:
    """Write all data into FILE as it stands now; people may go on working.

    The file is as confidential as the database, unless it is anonymized. Contents of files
    that people uploaded lie in their storage and do not travel.

    Example: flask data export wholesale.zip --anonymize
    """
    if file.exists():
        confirm(f"{file} is there already. Replace it?", yes)
    try:
        _note_export(file, anonymize)
        with told(), db.engine.connect().execution_options(**SNAPSHOT) as connection:
            expected = expected_rows(connection)
            with _bar(expected, "Exporting") as bar, written(file) as writer:
                manifest = export_all(connection, writer, is_anonymized=anonymize, tell=bar.update)
    except DomainError as error:
        raise _refused(error) from error
    size = os.path.getsize(file)
    click.echo(f"{_summary(manifest)}: {file}, {size / 1e6:,.1f} MB.")


def _note_export(file: Path, is_anonymized: bool) -> None:
    """Tell the trail first, so that the dump has it, too; one may export what takes no writes."""
    try:
        with let_write():
            _noted(file.name, is_anonymized)
    except DBAPIError:  # the export itself says what is wrong, if it is more than that
        db.session.rollback()


@commits
def _noted(name: str, is_anonymized: bool) -> None:
    note(db.session, "exported all data", "data", name, anonymized=is_anonymized)


@data.command("import")
@FILE
@click.option("--replace", is_flag=True, help="Delete what the database holds first.")
@click.option("--into-production", is_flag=True, help="Allow it where APP_ENV is production.")
@yes
def import_(file: Path, replace: bool, into_production: bool, yes: bool) -> None:
    """Load FILE into an empty database, all of it or nothing.

    An older schema is brought forward. Stop the application first; a database that has no
    tables yet gets them.

    Example: flask data import wholesale.zip
    """
    _refuse_production(replace, into_production)
    try:
        with opened(file) as reader:
            manifest = reader.manifest
            refuse_unreadable(manifest)
            if replace:
                confirm(f"Delete all data in {_place()} and load {file}?", yes)
            with told(), db.engine.connect() as connection:
                with _bar(manifest.bytes, "Importing") as bar:
                    load(connection, reader, replaces=replace, tell=bar.update, said=_label(bar))
                waiting = undone(connection)
                connection.commit()
    except DomainError as error:
        raise click.ClickException(f"{error.message} Nothing was changed.") from error
    click.echo(f"{_summary(manifest)}. Prove the trail: flask audit verify")
    if waiting:
        click.echo(
            f"Waiting for jobs, which do not travel: {waiting} mails or files. flask integrity"
            " check and flask storage check name them."
        )
    if manifest.is_anonymized:
        click.echo(
            "The trail was chained anew: it proves nothing about the original's. Nobody has a"
            " password: flask users create"
        )


def _refuse_production(replace: bool, into_production: bool) -> None:
    if current_app.config["APP_ENV"] != "production":
        return
    if replace:
        raise click.ClickException(
            "Data in production is never replaced by an import; restore a backup instead."
        )
    if not into_production:
        raise click.ClickException(
            "This is production (APP_ENV); an empty database there takes --into-production."
        )


def _place() -> str:
    url = db.engine.url
    return f"{url.database} on {url.host or url.query.get('host', 'this machine')}"


def _label(bar: Any) -> Any:
    def say(what: str) -> None:
        bar.label = f"Importing {what}"
        bar.render_progress()

    return say


@data.command("verify")
@FILE
@as_json
def verify(file: Path, as_json: bool) -> None:
    """Read FILE through and compare it with its checksums; touches no database.

    Example: flask data verify wholesale.zip
    """
    try:
        with opened(file) as reader, _bar(reader.manifest.bytes, "Reading") as bar:
            for table in reader.manifest.tables:
                for batch in reader.batches(table):
                    bar.update(len(batch))
            manifest = reader.manifest
    except DomainError as error:
        raise _refused(error) from error
    if as_json:
        click.echo(manifest.model_dump_json(indent=2))
        return
    kind = "anonymized, " if manifest.is_anonymized else ""
    when = f"{manifest.created_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"The dump is whole: {kind}{_summary(manifest)}, of {when}.")
