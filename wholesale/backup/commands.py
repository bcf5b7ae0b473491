"""``flask backup``: copies of the database, tried out before they are needed."""

import getpass
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from wholesale.backup import desk, operations, queries, restoring, store, verification
from wholesale.backup.address import Address
from wholesale.backup.databases import are_same, exists, is_empty
from wholesale.backup.errors import BackupError, Unfit
from wholesale.backup.retention import Rule
from wholesale.backup.store import Backup
from wholesale.extensions import db
from wholesale.maintenance import queries as windows
from wholesale.maintenance.models import Mode
from wholesale.web.commands import as_json, commits, confirm, show, yes

FILES = "Files kept with records are not in a backup: bucket versioning keeps them."
backup = AppGroup(
    "backup",
    help=f"Copies of the database, made by pg_dump. {FILES} Going back to a moment between two"
    " backups is the platform's: Neon's restore, or a WAL archive.",
)
folder = click.option(
    "--from", "place", type=click.Path(path_type=Path), help="Instead of BACKUP_DIR."
)


def _rule(command: Any) -> Any:
    """Add the options that say which backups stay."""
    for name, number, words in (
        ("monthly", 12, "months"), ("weekly", 4, "weeks"), ("daily", 7, "days"),
    ):  # fmt: skip
        of = f"Keep the newest backup of each of so many {words}."
        command = click.option(f"--{name}", default=number, show_default=True, help=of)(command)
    last = "Keep the last so many instead, whenever they were made."
    return click.option("--keep", type=click.IntRange(1), help=last)(command)


@backup.command("create")
@click.option("--to", "place", type=click.Path(path_type=Path), help="Instead of BACKUP_DIR.")
@click.option("--keep", type=click.IntRange(1), help="Then delete all but the last so many.")
@click.option("--prune", is_flag=True, help="Then delete as flask backup prune does.")
@as_json
@commits
def create(place: Path | None, keep: int | None, prune: bool, as_json: bool) -> None:
    """Make a backup; people go on working meanwhile.

    The file holds everything, also who may sign in: keep it as you keep the database.

    Example: flask backup create --prune
    """
    with desk.bar("Dumping", as_json) as progress:
        made = operations.create(desk.live(), desk.folder(place), getpass.getuser(), progress)
    known = made.known()
    gone = []
    if keep or prune:
        gone = operations.prune(desk.folder(place), known.database, Rule(last=keep))
    desk.note_all("made a backup", [made])
    desk.note_all("deleted a backup", gone)
    if as_json:
        click.echo(json.dumps({"name": made.name, "path": str(made.path)} | asdict(known)))
        return
    click.echo(f"{made.path}: {sum(known.rows.values()):,} rows, {known.size:,} bytes.")
    for one in gone:
        click.echo(f"Deleted {one.name}.")


@backup.command("list")
@folder
@as_json
@commits
def listing(place: Path | None, as_json: bool) -> None:
    """List the backups, the newest first; exits with 1 when one cannot be relied on.

    Example: flask backup list
    """
    found = store.entries(desk.folder(place))
    rows = [_shown(one) for one in found]
    show(rows, as_json, f"No backups in {desk.folder(place)}.")
    if not as_json:
        click.echo(FILES)
    sys.exit(1 if any(one.problem for one in found) else 0)


def _shown(one: Backup) -> dict[str, Any]:
    known = one.manifest
    return {
        "name": one.name,
        "made": known and f"{known.moment:%Y-%m-%d %H:%M}",
        "by": known and known.created_by,
        "database": known and known.database,
        "schema": known and known.schema,
        "rows": known and sum(known.rows.values()),
        "size": known and known.size,
        "verified": known and (known.verified.get("at") or "never")[:16].replace("T", " "),
        "problem": one.problem,
    }


@backup.command("verify")
@click.argument("name", default="latest")
@folder
@click.option("--scratch-url", help="An empty database to try it in; it is emptied afterwards.")
@as_json
@commits
def verify(name: str, place: Path | None, scratch_url: str | None, as_json: bool) -> None:
    """Restore a backup into a scratch database and look at it; exits with 1 on any doubt.

    Compares checksum and rows, and checks the trail and the rules of the data.

    Example: flask backup verify latest
    """
    one = store.unjudged(queries.find(desk.folder(place), name, desk.live().name))
    scratch = Address.of(scratch_url) if scratch_url else None
    try:
        with desk.bar("Restoring", as_json) as progress:
            outcome = verification.verify(one, desk.live(), scratch, progress)
    except Unfit as error:
        operations.record_verified(one, error.message)
        raise
    operations.record_verified(one, "", len(outcome.findings))
    if as_json:
        click.echo(json.dumps({"name": one.name} | asdict(outcome)))
    else:
        click.echo(f"{one.name} is whole: {outcome.rows:,} rows came back as they were.")
        for finding in outcome.findings:
            click.echo(f"Breaks a rule: {finding}")
    sys.exit(1 if outcome.findings else 0)


@backup.command("restore")
@click.argument("name")
@folder
@click.option("--into", "target", help="A database's name on the same server, or an address.")
@click.option("--replace-live", is_flag=True, help="Take the place of the live database.")
@click.option("--accept-findings", is_flag=True, help="Also when records break a rule.")
@yes
@commits
def restore(
    name: str, place: Path | None, target: str | None, replace_live: bool,
    accept_findings: bool, yes: bool,
) -> None:  # fmt: skip
    """Restore into an empty or a new database; without --into, into the one of DATABASE_URL.

    --replace-live restores beside the live database, checks, and swaps the two by renaming;
    the former one is kept. An older schema is brought forward to that of this version.

    Example: flask backup restore latest --into wholesale_copy
    """
    one = queries.find(desk.folder(place), name, desk.live().name)
    store.check_whole(one)
    live = desk.live()
    goal = live if target is None else desk.goal(live, target)
    if _is_live(live, goal):
        if exists(live) and not is_empty(live):
            _replace(one, live, replace_live, accept_findings, yes)
            return
    elif replace_live:
        raise click.UsageError("--replace-live goes without --into.")
    with desk.bar("Restoring") as progress:
        outcome = restoring.into(one, goal, progress)
    _tell(one, goal, outcome)


def _is_live(live: Address, goal: Address) -> bool:
    if goal == live:
        return True
    try:
        return exists(goal) and exists(live) and are_same(live, goal)
    except BackupError:  # the live server may be lost, and this is how one goes on elsewhere
        return False


def _replace(one: Backup, live: Address, wanted: bool, accept: bool, sure: bool) -> None:
    if not wanted:
        raise BackupError(
            f"{live.name} is the live database and holds data: nothing was restored."
            " --into another one, or --replace-live."
        )
    mode, _ = windows.standing(db.session)
    db.session.rollback()  # no transaction of ours stands in the way of the swap
    if mode is not Mode.READ_ONLY and not sure:
        click.echo(
            "People may write meanwhile, and that would be lost: flask maintenance on --read-only.",
            err=True,
        )
    made = one.known()
    click.echo(f"{one.name}: {made.database} as of {made.moment:%Y-%m-%d %H:%M} UTC.")
    if not sure and click.prompt(f"Type {live.name} to replace the live database") != live.name:
        raise BackupError("That is not its name: nothing was restored.")
    with desk.bar("Restoring") as progress:
        outcome = restoring.replace_live(one, live, accept, progress)
    desk.note_all("restored a backup", [one])
    _tell(one, live, outcome)
    click.echo(f"The former database is kept as {outcome.former}; drop it when all is well.")


def _tell(one: Backup, target: Address, outcome: restoring.Outcome) -> None:
    click.echo(f"{one.name} is restored into {target.name}: {outcome.rows:,} rows.")
    if outcome.brought_forward:
        click.echo(f"Its schema was brought forward from {outcome.schema}.")
    click.echo(
        "Sessions and jobs are those of that time: flask sessions revoke --all signs everybody"
        " out, flask jobs list shows what will be sent again. flask storage check compares files."
    )


@backup.command("prune")
@_rule
@folder
@click.option("--dry-run", is_flag=True, help="Only say which would go.")
@yes
@commits
def prune(
    keep: int | None, daily: int, weekly: int, monthly: int,
    place: Path | None, dry_run: bool, yes: bool,
) -> None:  # fmt: skip
    """Delete old backups of this database; the newest good one always stays.

    Those that cannot be relied on are left alone: look at them first (flask backup list).

    Example: flask backup prune --daily 14 --dry-run
    """
    rule, database = Rule(daily, weekly, monthly, keep), desk.live().name
    going = queries.superfluous(desk.folder(place), database, rule)
    for one in going:
        click.echo(f"{'Would delete' if dry_run else 'Delete'} {one.name}")
    if not going:
        click.echo("Nothing to delete.")
    elif not dry_run:
        confirm(f"Delete these {len(going)}?", yes)
        desk.note_all("deleted a backup", operations.prune(desk.folder(place), database, rule))
