"""Which records point at a record, read from the foreign keys: they stand against deleting it."""

from collections.abc import Collection, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Table, func, inspect, or_, select
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
    for other, columns in groupby(references(table), key=itemgetter(0)):
        if other.name in owned:
            continue
        points_here = or_(*(column == record.id for _, column in columns))  # type: ignore[attr-defined]
        if count := session.scalar(select(func.count()).select_from(other).where(points_here)):
            found[other.name] = count
    return found
