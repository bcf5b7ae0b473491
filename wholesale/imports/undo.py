"""Undoes an import: its new records go, the others become what they were; all or nothing."""

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.core.errors import DomainError
from wholesale.core.models import Base
from wholesale.imports.changes import IMPORTED
from wholesale.imports.models import ImportChange
from wholesale.imports.obstacles import hold, standing_against
from wholesale.imports.refusals import is_refusal
from wholesale.imports.runs import refresh_orders
from wholesale.orders.models import OrderLine

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


def undo(session: Session, key: int, actor: User) -> None:
    """Take the import ``key`` back. Raises CannotUndo with all that stands against it."""
    hold(session, key)
    against = standing_against(session, key, actor)
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
    lines = select(OrderLine.order_id).join(ImportChange, ImportChange.entity_id == OrderLine.id)
    lines = lines.where(ImportChange.import_id == key, ImportChange.entity == "order_lines")
    orders = sorted(session.scalars(lines.distinct()))
    for table in IMPORTED:
        _put_back(session, key, table)
    for table in reversed(IMPORTED):
        session.execute(text(_DELETE.format(table=table)), {"key": key})
    refresh_orders(session, orders)


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
