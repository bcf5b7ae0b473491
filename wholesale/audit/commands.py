"""``flask audit``: read the trail and prove that it is whole."""

import json
import sys
from datetime import datetime
from typing import Any

import click
from flask.cli import AppGroup

from wholesale.audit.models import AuditEntry
from wholesale.audit.queries import entries, first_break, head
from wholesale.extensions import db
from wholesale.web.commands import MOMENT, as_json, show

audit = AppGroup("audit", help="Who changed what.")


@audit.command("log")
@click.option("--user", default="", help="Part of the actor's name or address.")
@click.option("--record", default="", help="A kind of record, or one: orders:12.")
@click.option("--action", default="", help="created, updated, deleted, signed in …")
@click.option("--since", type=MOMENT, help="From this moment on (UTC).")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@click.option("--ndjson", is_flag=True, help="All of them, the earliest first, one JSON a line.")
@as_json
def log(
    user: str,
    record: str,
    action: str,
    since: datetime | None,
    limit: int,
    ndjson: bool,
    as_json: bool,
) -> None:
    """Show entries, the latest first; with --ndjson all, to be kept outside the database.

    Example: flask audit log --user ana@company.com --since 2026-11-01
    """
    query = entries(user=user, record=record, action=action, since=since)
    if ndjson:
        every = query.order_by(AuditEntry.id).execution_options(yield_per=1000)
        for entry in db.session.scalars(every):
            click.echo(json.dumps(_row(entry), ensure_ascii=False))
        return
    found = db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit))
    rows = [_row(entry) for entry in found]
    show(rows, as_json, "No entry matches.")


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "address": str(entry.address) if entry.address else None,
        "action": entry.action,
        "record": f"{entry.entity}:{entry.entity_id}",
        "before": entry.before,
        "after": entry.after,
    }


@audit.command("verify")
@click.option("--head", "noted", help="A head that an earlier run printed: it must be there.")
def verify(noted: str | None) -> None:
    """Check every link of the chain; exit 1 when an entry was changed or removed.

    The head it prints, kept outside the database, shows later that nobody cut off the end
    or wrote the trail anew.

    Example: flask audit verify --head 9f2c…
    """
    try:
        broken = first_break(db.session, noted)
    except ValueError:
        raise click.UsageError("--head takes the hash that an earlier run printed.") from None
    if broken:
        click.echo(broken, err=True)
        sys.exit(1)
    count, last = head(db.session)
    click.echo(f"The trail is whole: {count:,} entries, head {last}.")
