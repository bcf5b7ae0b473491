"""``flask audit exposure`` and ``flask audit replay``: what an incident costs, and mending it."""

import json
from datetime import UTC, datetime
from typing import Any

import click

from wholesale.accounts.queries import user_by_email
from wholesale.audit.commands import audit
from wholesale.extensions import db
from wholesale.incident import report
from wholesale.incident.exposure import FIRST, LAST, Exposure, exposure_of
from wholesale.web.commands import as_json, show

__all__ = ["audit"]
MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"])


def moment(given: datetime | None, default: datetime) -> datetime:
    """Return what was given as UTC."""
    return given.replace(tzinfo=UTC) if given else default


@audit.command("exposure")
@click.option("--user", "email", required=True, help="The account's address.")
@click.option("--since", type=MOMENT, help="From this moment on (UTC).")
@click.option("--until", type=MOMENT, help="Before this moment (UTC).")
@click.option("--records", "with_records", is_flag=True, help="Each record by name.")
@as_json
def exposure(
    email: str,
    since: datetime | None,
    until: datetime | None,
    with_records: bool,
    as_json: bool,
) -> None:
    """Say what an account read, took along and wrote: whom to notify after an incident.

    Reads are kept for 90 days, by record; of a list, how many rows it showed.

    Example: flask audit exposure --user ana@company.com --since 2026-11-01 --records
    """
    begin, end = moment(since, FIRST), moment(until, LAST)
    if begin >= end:
        raise click.UsageError("--until has to be later than --since.")
    user = user_by_email(db.session, email)
    if user is None:
        raise click.ClickException(f"There is no user {email}.")
    found = exposure_of(db.session, user, begin, end)
    if as_json:
        told = report.as_mapping(user, found, with_records=with_records)
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(f"{user.name} <{user.email}>, {user.role}, {_standing(user.is_active)}")
    _print(found, with_records)


def _standing(is_active: bool) -> str:
    return "active: flask users disable shuts it out" if is_active else "disabled"


def _print(found: Exposure, with_records: bool) -> None:
    tables: list[tuple[str, list[dict[str, Any]]]] = [
        ("Signed in (UTC)", report.sign_in_rows(found)),
        ("Read and wrote", report.kinds(found)),
        ("Lists", [report.list_row(one) for one in found.lists]),
    ]
    if with_records:
        tables.append(("Records", [report.record_row(one) for one in found.records]))
    for title, rows in tables:
        click.echo(f"\n{title}")
        show(rows, False, "Nothing is known.")
    named = report.customers(found)
    click.echo(f"\nCustomers concerned by records opened or written: {len(named)}.")
    for name in named if with_records else []:
        click.echo(f"  {name}")
    if not with_records:
        click.echo("--records names each record and customer.")
