"""Many rows in few statements."""

from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from wholesale.core.models import Base


def insert_all(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> list[int]:
    """Insert ``rows``, all with the same columns, and return their keys in their order."""
    table = cast(Table, model.__table__)
    (key,) = table.primary_key.columns
    statement = insert(table).returning(key, sort_by_parameter_order=True)
    return list(session.scalars(statement, rows))
