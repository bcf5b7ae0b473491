"""Records each changed field of an audited model when the session writes it."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import event, insert, inspect
from sqlalchemy.orm import Mapper, Session

from wholesale.audit.actor import acting
from wholesale.audit.models import AuditEntry

# Kept by the database or of no meaning to a reader.
UNRECORDED = {"created_at", "updated_at", "version", "search", "lines_version", "seen_at"}
SECRETS = {"password_hash", "token_hash"}
HIDDEN = "(not recorded)"


class Audited:
    """A model whose changes go into the trail, under the name of its table."""


def note(session: Session, action: str, entity: str, entity_id: object, **after: Any) -> None:
    """Record something that was done and is no change of a row, such as a sign-in."""
    row = _row(action, entity, entity_id, None, {k: _plain(v) for k, v in after.items()} or None)
    session.execute(insert(AuditEntry), [row])


Changed = tuple[object, dict[str, Any], dict[str, Any]]


def note_changes(session: Session, entity: str, changes: Iterable[Changed]) -> None:
    """Record changes of many rows that one statement wrote: key, fields before, fields after."""
    rows = [
        _row("updated", entity, key, _all_plain(before), _all_plain(after))
        for key, before, after in changes
    ]
    if rows:
        session.execute(insert(AuditEntry), rows)


def _all_plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}


@event.listens_for(Session, "after_flush")
def _record(session: Session, _: Any) -> None:
    rows = [
        *(_change(item, "created") for item in session.new if isinstance(item, Audited)),
        *(_change(item, "updated") for item in session.dirty if isinstance(item, Audited)),
        *(_change(item, "deleted") for item in session.deleted if isinstance(item, Audited)),
    ]
    if found := [row for row in rows if row]:
        session.execute(insert(AuditEntry), found)


def _change(item: Audited, action: str) -> dict[str, Any] | None:
    state = inspect(item)
    mapper: Mapper[Any] = state.mapper
    before, after = {}, {}
    for column in mapper.column_attrs:
        if column.key in UNRECORDED or column.columns[0].computed is not None:
            continue
        history = state.attrs[column.key].history
        if action == "deleted":
            before[column.key] = _shown(column.key, getattr(item, column.key))
        elif history.added and (action == "created" or history.deleted != history.added):
            after[column.key] = _shown(column.key, history.added[0])
            if action == "updated":
                old = history.deleted[0] if history.deleted else None
                before[column.key] = _shown(column.key, old)
    if not before and not after:
        return None
    key = ":".join(str(part) for part in mapper.primary_key_from_instance(item))
    return _row(action, mapper.local_table.name, key, before or None, after or None)  # type: ignore[attr-defined]


def _row(action: str, entity: str, entity_id: object, before: Any, after: Any) -> dict[str, Any]:
    who = acting()
    return {
        "actor_id": who.user_id,
        "actor": who.name,
        "address": who.address,
        "request_id": who.request_id,
        "action": action,
        "entity": entity,
        "entity_id": str(entity_id),
        "before": before,
        "after": after,
    }


def _shown(name: str, value: Any) -> Any:
    return HIDDEN if name in SECRETS and value is not None else _plain(value)


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it; money keeps its digits as text."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
