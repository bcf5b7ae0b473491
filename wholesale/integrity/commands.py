"""``flask integrity``: whether the data is what it has to be."""

import json
import sys

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from wholesale.core.errors import DomainError
from wholesale.extensions import db
from wholesale.integrity.operations import BY_NAME, INVARIANTS
from wholesale.integrity.operations import check as look
from wholesale.integrity.operations import refill_sums as refill
from wholesale.system.schema import is_ahead, is_behind, present
from wholesale.web.commands import as_json, commits, confirm, yes

SHOWN = 20
integrity = AppGroup("integrity", help="Whether the data is what it has to be.")


class CannotLook(click.ClickException):
    """Whether the rules hold cannot be told of this database."""

    exit_code = 2


@integrity.command("check")
@click.option("--only", type=click.Choice(sorted(BY_NAME)), multiple=True, help="Only this one.")
@as_json
def check(only: tuple[str, ...], as_json: bool) -> None:
    """Look for records that break a rule; changes nothing, exits with 1 on findings.

    It exits with 2 when it cannot look: another version wrote the database, or it is away.

    Example: flask integrity check --json
    """
    _refuse_other_versions()
    chosen = [BY_NAME[name] for name in only] or list(INVARIANTS)
    count = 0
    with click.progressbar(chosen, label="Checking", file=sys.stderr, hidden=as_json) as bar:
        found = []
        for invariant in bar:
            try:
                found.append((invariant, look(db.session, [invariant])))
            except DomainError as problem:
                raise CannotLook(problem.message) from problem
    for invariant, findings in found:
        count += len(findings)
        for one in findings if as_json else findings[:SHOWN]:
            shown = {"invariant": invariant.name, "entity": one.entity, "key": one.key}
            words = f"{invariant.name:36} {one.entity} {one.key}: {one.detail}"
            click.echo(json.dumps(shown | {"detail": one.detail}) if as_json else words)
        if findings and not as_json:
            more = f", {len(findings) - SHOWN} more" if len(findings) > SHOWN else ""
            click.echo(f"{'':36} Broken: {invariant.meaning}{more}\n{'':36} {invariant.repair}")
    if not as_json:
        click.echo(f"{len(chosen)} rules checked, {count} records break one.")
    sys.exit(1 if count else 0)


def _refuse_other_versions() -> None:
    try:
        found = present(db.session)
    except SQLAlchemyError as error:
        words = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise CannotLook(f"The database does not answer: {words}") from error
    words = f"The database has the schema {', '.join(found) or 'of nothing yet'}"
    if is_ahead(found):
        raise CannotLook(f"{words}, which a newer version wrote: check it with that version.")
    if is_behind(found):
        raise CannotLook(f"{words}, older than this version: flask db upgrade first.")


@integrity.command("list")
@as_json
def rules(as_json: bool) -> None:
    """List the rules, what each means and how to mend what breaks it.

    Example: flask integrity list
    """
    for one in INVARIANTS:
        shown = {"name": one.name, "meaning": one.meaning, "repair": one.repair}
        click.echo(json.dumps(shown) if as_json else "\n  ".join(shown.values()))


@integrity.command("refill-sums")
@yes
@commits
def refill_sums(yes: bool) -> None:
    """Add up the dashboard's sums anew from the orders; saving an order waits meanwhile.

    Example: flask integrity refill-sums --yes
    """
    confirm("Add up all orders anew? Nobody can save one until it is done.", yes)
    click.echo(f"{refill(db.session):,} orders added up.")
