"""Which records point at a record, read from the foreign keys: they stand against deleting it."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Table, func, inspect, select
from sqlalchemy.orm import Session

from wholesale.core.models import Base


def references(table: Any) -> Iterator[tuple[Table, Any]]:
    """Return each (table, column) whose foreign key is the ``id`` of ``table``; itself included."""
    for other in Base.metadata.sorted_tables:
        columns: list[Any] = [
            key.parent
            for key in other.foreign_keys
            if key.column.table is table and key.column.name == "id"
        ]
        for column in dict.fromkeys(columns):
            yield other, column


def dependents(session: Session, record: Base, *, owned: Collection[str] = ()) -> dict[str, int]:
    """Return table name → number of rows that refer to ``record``, only where there are any.

    ``owned`` names tables whose rows go along with the record and stand against nothing.
    """
    table = inspect(record).mapper.local_table
    found: dict[str, int] = {}
    for other, column in references(table):
        if other.name in owned:
            continue
        query = select(func.count()).select_from(other).where(column == record.id)  # type: ignore[attr-defined]
        if count := session.scalar(query):
            found[other.name] = found.get(other.name, 0) + count
    return found
