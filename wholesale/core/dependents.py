"""Which records point at a record, read from the foreign keys: they stand against deleting it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from wholesale.core.models import Base


def dependents(session: Session, record: Base, *, owned: Collection[str] = ()) -> dict[str, int]:
    """Return table name → number of rows that refer to ``record``, only where there are any.

    ``owned`` names tables whose rows go along with the record and stand against nothing.
    """
    table = inspect(record).mapper.local_table
    found: dict[str, int] = {}
    for other in Base.metadata.sorted_tables:
        if other.name in owned or other is table:
            continue
        columns: list[Any] = [
            key.parent
            for key in other.foreign_keys
            if key.column.table is table and key.column.name == "id"
        ]
        for column in dict.fromkeys(columns):
            query = select(func.count()).select_from(other).where(column == record.id)  # type: ignore[attr-defined]
            if count := session.scalar(query):
                found[other.name] = found.get(other.name, 0) + count
    return found
