"""Takes an import back: its new records go, the others become what they were; all or nothing."""

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from wholesale.core.errors import DomainError
from wholesale.core.models import Base
from wholesale.imports.changes import IMPORTED
from wholesale.imports.models import ImportChange
from wholesale.imports.refusals import is_refusal
from wholesale.orders.models import OrderLine
from wholesale.orders.operations import refresh_totals_of

MOST_NAMED = 20
NAMES = {
    "organizations": "name",
    "contacts": "name",
    "categories": "name",
    "products": "sku",
    "variants": "code",
    "price_entries": "id",
    "orders": "code",
    "order_lines": "id",
}
_CHANGED = """
SELECT t.{name}::text, t.id IS NULL FROM import_changes c LEFT JOIN {table} t ON t.id = c.entity_id
WHERE c.import_id = :key AND c.entity = '{table}' AND (t.id IS NULL OR EXISTS (
    SELECT 1 FROM jsonb_each(c.after) a WHERE a.value IS DISTINCT FROM to_jsonb(t) -> a.key))
ORDER BY t.id LIMIT :most
"""
_REFERRED = """
SELECT t.{name}::text, count(*) FROM import_changes c
JOIN {table} t ON t.id = c.entity_id JOIN {other} o ON o.{column} = c.entity_id
WHERE c.import_id = :key AND c.entity = '{table}' AND c.before IS NULL {unless}
GROUP BY t.id, t.{name} ORDER BY t.id LIMIT :most
"""
_UNLESS_IMPORTED = """AND NOT EXISTS (SELECT 1 FROM import_changes m WHERE m.import_id = :key
    AND m.entity = '{other}' AND m.entity_id = o.id
    AND (m.before IS NULL OR jsonb_exists(m.before, '{column}')))"""
_PUT_BACK = """
UPDATE {table} t SET ({columns}) = (SELECT {values} FROM jsonb_populate_record(t, c.before) r)
    {version}
FROM import_changes c
WHERE c.import_id = :key AND c.entity = '{table}' AND c.entity_id = t.id AND c.before IS NOT NULL
"""
_DELETE = """
DELETE FROM {table} t USING import_changes c
WHERE c.import_id = :key AND c.entity = '{table}' AND c.entity_id = t.id AND c.before IS NULL
"""


class CannotUndo(DomainError):
    """Something stands against undoing; nothing was changed. One reason a line."""


def undo(session: Session, key: int) -> None:
    """Take the import ``key`` back. Raises CannotUndo with all that stands against it."""
    against = standing_against(session, key)
    if against:
        raise CannotUndo("\n".join(against))
    try:
        with session.begin_nested():
            _take_back(session, key)
    except DBAPIError as error:
        if not is_refusal(error):
            raise
        detail = getattr(getattr(error.orig, "diag", None), "message_detail", None)
        raise CannotUndo(f"Another record stands against it. {detail or ''}".strip()) from error


def _take_back(session: Session, key: int) -> None:
    lines = _ids(session, key, "order_lines")
    query = select(OrderLine.order_id).where(OrderLine.id.in_(lines)).distinct()
    orders = set(session.scalars(query)) if lines else set()
    for table in IMPORTED:
        _put_back(session, key, table)
    for table in reversed(IMPORTED):
        session.execute(text(_DELETE.format(table=table)), {"key": key})
    refresh_totals_of(session, orders)


def _ids(session: Session, key: int, entity: str) -> list[int]:
    query = select(ImportChange.entity_id)
    return list(session.scalars(query.where(ImportChange.import_id == key, _is(entity))))


def _is(entity: str) -> Any:
    return ImportChange.entity == entity


def _put_back(session: Session, key: int, table: str) -> None:
    columns = Base.metadata.tables[table].columns
    names = [c.name for c in columns if c.computed is None and c.name not in ("id", "version")]
    version = ", version = t.version + 1" if "version" in columns else ""
    statement = _PUT_BACK.format(
        table=table,
        columns=", ".join(names),
        values=", ".join(f"r.{name}" for name in names),
        version=version,
    )
    session.execute(text(statement), {"key": key})


def standing_against(session: Session, key: int) -> list[str]:
    """Return what stands against undoing, a sentence each: changes since, and references."""
    found: list[str] = []
    for table in IMPORTED:
        values = {"key": key, "most": MOST_NAMED}
        query = text(_CHANGED.format(table=table, name=NAMES[table]))
        for name, is_gone in session.execute(query, values):
            what = _word(table)
            found.append(
                f"One {what} that it brought was deleted since."
                if is_gone
                else f"The {what} {name} was changed since."
            )
        found += _references(session, key, table)
    return found[:MOST_NAMED]


def _references(session: Session, key: int, table: str) -> list[str]:
    """Return which of the new records others refer to, that the import did not bring itself."""
    found = []
    for other in Base.metadata.sorted_tables:
        columns = {
            reference.parent.name
            for reference in other.foreign_keys
            if reference.column.table.name == table and reference.column.name == "id"
        }
        for column in sorted(columns):
            unless = _unless(other.name, column)
            query = _REFERRED.format(
                table=table, name=NAMES[table], other=other.name, column=column, unless=unless
            )
            for name, count in session.execute(text(query), {"key": key, "most": MOST_NAMED}):
                words = other.name.replace("_", " ")
                found.append(f"The {_word(table)} {name} is used: {count} in {words}.")
    return found


def _unless(other: str, column: str) -> str:
    """What the import brought itself, or what lets go when it is put back, is no obstacle."""
    known = other in IMPORTED
    return _UNLESS_IMPORTED.format(other=other, column=column) if known else ""


def _word(table: str) -> str:
    words = {"organizations": "customer", "categories": "category", "price_entries": "price"}
    return words.get(table, table.removesuffix("s").replace("_", " "))
