"""``flask audit exposure`` and ``flask audit replay``: what an incident costs, and mending it."""

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import Any, TextIO

import click

from wholesale.accounts.queries import user_by_email
from wholesale.audit.commands import audit
from wholesale.extensions import db
from wholesale.incident import report
from wholesale.incident.exposure import FIRST, LAST, Exposure, exposure_of
from wholesale.incident.replay import Outcome, Step
from wholesale.incident.replay import replay as steps_of
from wholesale.incident.source import Entry, Wanted, of_database, of_file, of_other_database
from wholesale.read_only import let_write
from wholesale.web.commands import MOMENT, as_json, commits, confirm, show, yes

__all__ = ["audit"]


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

    Reads are kept for 90 days, by record; of a list, how many rows it showed, not which. Those of
    the last three seconds may not be written yet.

    Example: flask audit exposure --user ana@company.com --since 2026-11-01 --records
    """
    begin, end = since or FIRST, until or LAST
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


@audit.command("replay")
@click.argument("file", type=click.File(encoding="utf-8"), required=False)
@click.option("--from-url", "url", help="The trail of another database, such as the one kept.")
@click.option("--since", type=MOMENT, help="From this moment on (UTC): the point restored to.")
@click.option("--until", type=MOMENT, help="Before this moment (UTC).")
@click.option("--record", default="", help="A kind of record, or one: orders:12.")
@click.option("--user", default="", help="Only what this actor did.")
@click.option("--but-user", default="", help="Nothing that this actor did.")
@click.option("--apply", "applies", is_flag=True, help="Do it, not only say what would be done.")
@as_json
@yes
def replay(
    file: TextIO | None, url: str | None, applies: bool, as_json: bool, yes: bool, **wanted: Any
) -> None:
    """List what happened after a point in time, and do again what can safely be done.

    The trail is this database's, another one's (--from-url), or that of FILE, which
    flask audit log --ndjson has written. A change is made again only where its fields are
    still as they were before it; makings and deletions are listed, to be done by hand.

    Example: flask audit replay trail.ndjson --since "2026-11-26 06:00" --apply
    """
    if file and url:
        raise click.UsageError("Give either FILE or --from-url.")
    found = _entries(file, url, wanted)
    with let_write():  # it mends, so it may while nobody else writes
        steps = _replayed(found)
    db.session.rollback()  # until somebody says yes it was only looked at
    ready = sum(step.outcome is Outcome.APPLIES for step in steps)
    if not as_json:
        show([_step_row(step) for step in steps], False, "Nothing happened.")
        click.echo(_summary(steps))
    if applies and ready:
        confirm(f"Make {ready} changes again?", yes)
        with let_write():
            steps = _applied(found)
        click.echo("Done. Look over it: flask integrity check", err=True)
    if as_json:
        show([_whole(step) for step in steps], True)
    left = any(step.outcome in (Outcome.CONFLICT, Outcome.BY_HAND) for step in steps)
    sys.exit(1 if applies and left else 0)


@commits
def _entries(file: TextIO | None, url: str | None, wanted: dict[str, Any]) -> list[Entry]:
    since, until = wanted.pop("since"), wanted.pop("until")
    if since is None and file is None:
        raise click.UsageError("Say --since: the point in time that was restored to.")
    chosen = Wanted(
        since.replace(tzinfo=UTC) if since else None,
        until.replace(tzinfo=UTC) if until else None,
        **wanted,
    )
    if file:
        return of_file(file, chosen)
    return of_other_database(url, chosen) if url else of_database(db.session, chosen)


def _replayed(found: list[Entry]) -> list[Step]:
    return steps_of(db.session, found)


_applied = commits(_replayed)


def _step_row(step: Step) -> dict[str, Any]:
    entry = step.entry
    names = sorted({*entry.before, *entry.after}) if entry.action == "updated" else []
    change = [f"{n}: {_told(entry.before.get(n))} → {_told(entry.after.get(n))}" for n in names]
    return {
        "entry": entry.id,
        "at": entry.at.isoformat(sep=" ", timespec="seconds").partition("+")[0],
        "actor": entry.actor,
        "record": entry.record,
        "action": entry.action,
        "change": _cut("; ".join(change)),
        "outcome": step.outcome.value,
        "reason": _cut(step.reason),
    }


def _whole(step: Step) -> dict[str, Any]:
    told = {"before": step.entry.before, "after": step.entry.after, "reason": step.reason}
    return _step_row(step) | {"at": step.entry.at.isoformat()} | told


def _told(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:99]}…"


def _summary(steps: list[Step]) -> str:
    counts = Counter(step.outcome for step in steps)
    return ", ".join(f"{counts[one]} {one.value}" for one in Outcome) + "."
