"""``flask storage``: whether the storage and the database agree."""

import sys

import click
from flask.cli import AppGroup

from wholesale.extensions import db
from wholesale.files import check as checks
from wholesale.files.storage import storage as the_storage
from wholesale.web.commands import as_json, commits, confirm, show, yes

storage = AppGroup("storage", help="Where the bytes of files lie.")


@storage.command("check")
@click.option("--quick", is_flag=True, help="Compare names and sizes, read no contents.")
@click.option("--fix", is_flag=True, help="Delete orphans, mark lost files, begin stuck work anew.")
@yes
@as_json
@commits
def check(quick: bool, fix: bool, yes: bool, as_json: bool) -> None:
    """Look for orphans both ways and for what cannot be read; exit 1 when something is wrong.

    Objects younger than two hours are left alone: an upload may be under way.

    Example: flask storage check --fix
    """
    place = the_storage()
    found = checks.findings(db.session, place, read=not quick)
    rows = [{"what": f.what, "object": f.key, "about": f.words} for f in found]
    show(rows, as_json, "The storage and the database agree.")
    if not found:
        return
    if fix:
        orphans = sum(f.version_id is None for f in found)
        confirm(f"Delete {orphans} orphans and mend {len(found) - orphans} files?", yes)
        checks.mend(db.session, place, found)
        db.session.commit()
        click.echo(f"{len(found)} mended.", err=True)
    else:
        sys.exit(1)
