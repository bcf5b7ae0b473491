"""The ledger of an import: which records it made, and what the others were before."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wholesale.core.models import Base
from wholesale.imports.entries import Entry, Outcome
from wholesale.imports.models import ImportChange

# What changes by itself tells nothing of whether somebody changed the record.
MOVING = ("created_at", "updated_at", "version", "units", "subtotal", "lines_version", "search")
IMPORTED = ("categories", "organizations", "contacts", "products", "variants") + (
    "price_entries",
    "orders",
    "order_lines",
)
_PICTURE = """
UPDATE import_changes c
SET after = CASE WHEN c.before IS NULL THEN to_jsonb(t) - CAST(:moving AS text[])
    ELSE (SELECT jsonb_object_agg(key, to_jsonb(t) -> key) FROM jsonb_object_keys(c.before) key) END
FROM {table} t
WHERE c.import_id = :key AND c.entity = '{table}' AND t.id = c.entity_id
"""


def note_changes(session: Session, key: int, entity: str, entries: Sequence[Entry]) -> None:
    """Note records that were made or changed; of several changes of one the first counts."""
    rows = [
        {"import_id": key, "entity": entity, "entity_id": entry.id, "before": _before(entry)}
        for entry in entries
        if entry.outcome is Outcome.CREATE or entry.changes
    ]
    if rows:
        session.execute(insert(ImportChange).on_conflict_do_nothing(), rows)


def note_made(session: Session, key: int, entity: str, ids: Sequence[int]) -> None:
    """Note records that were made on the way."""
    rows = [{"import_id": key, "entity": entity, "entity_id": one, "before": None} for one in ids]
    if rows:
        session.execute(insert(ImportChange).on_conflict_do_nothing(), rows)


def _before(entry: Entry) -> dict[str, Any] | None:
    if entry.outcome is Outcome.CREATE:
        return None
    return {name: plain(old) for name, (old, _) in entry.changes.items()}


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it; money keeps its digits as text."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def picture(session: Session, key: int) -> None:
    """Keep how the import left its records, to see later whether somebody changed them."""
    for table in IMPORTED:
        columns = Base.metadata.tables[table].columns
        moving = [*MOVING, *(column.name for column in columns if column.computed is not None)]
        statement = text(_PICTURE.format(table=table))
        session.execute(statement, {"key": key, "moving": moving})


def changed_counts(session: Session, key: int) -> dict[str, tuple[int, int]]:
    """Return table → how many records were made and how many changed."""
    made = func.count().filter(ImportChange.before.is_(None))
    query = select(ImportChange.entity, made, func.count() - made).where(
        ImportChange.import_id == key
    )
    rows = session.execute(query.group_by(ImportChange.entity))
    return {entity: (new, changed) for entity, new, changed in rows}
