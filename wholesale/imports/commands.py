"""``flask data load-northwind``: the sample company through the importer."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from wholesale.access.seed import seed_permissions
from wholesale.extensions import db
from wholesale.imports.northwind import load_northwind
from wholesale.imports.report import Report
from wholesale.web.commands import commits


@commits
def _load(directory: Path, dry_run: bool) -> Report:
    seed_permissions(db.session)
    return load_northwind(db.session, directory, dry_run=dry_run)


@click.command("load-northwind")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Do the same work and take it back.")
@with_appcontext
def northwind(directory: Path, dry_run: bool) -> None:
    """Load the Northwind Traders CSV files of DIRECTORY; a second time changes nothing.

    Example: flask data load-northwind ../shared/data/northwind
    """
    report = _load(directory, dry_run)
    click.echo("\n".join(report.lines()))
    sys.exit(0 if report.agrees else 1)
