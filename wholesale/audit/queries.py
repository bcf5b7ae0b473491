"""Reads of the trail: by person, record, action and time; the history of one record."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, cast, func, or_, select, text
from sqlalchemy.orm import Session

from wholesale.audit.models import AuditEntry, AuditLink
from wholesale.web.listing import Listing, Sort

LISTING = Listing(AuditEntry.id, (Sort("at", AuditEntry.id, descending=True),))
HISTORY = 100

# The first link whose hash is not what its entry and the link before give; none when all hold.
BROKEN = text("""
    SELECT c.position FROM (
        SELECT position, entry_id, hash, lag(hash) OVER (ORDER BY position) AS previous
        FROM audit_chain
    ) c LEFT JOIN audit_entries e ON e.id = c.entry_id
    WHERE e.id IS NULL OR c.hash IS DISTINCT FROM audit_hash(c.previous, e)
    ORDER BY c.position LIMIT 1
""")
UNCHAINED = text("""
    SELECT count(*) FROM audit_entries e
    WHERE NOT EXISTS (SELECT FROM audit_chain c WHERE c.entry_id = e.id)
""")


def entries(
    *,
    user: str = "",
    record: str = "",
    action: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Select[Any]:
    """Select entries by the actor's name or mail, ``entity`` or ``entity:key``, action, time."""
    query = select(AuditEntry)
    if user:
        query = query.where(AuditEntry.actor.ilike(f"%{user}%"))
    if record:
        entity, _, key = record.partition(":")
        query = query.where(AuditEntry.entity == entity)
        query = query.where(AuditEntry.entity_id == key) if key else query
    if action:
        query = query.where(AuditEntry.action == action)
    if since:
        query = query.where(AuditEntry.at >= since)
    if until:
        query = query.where(AuditEntry.at < until)
    return query


def history(session: Session, *records: tuple[str, list[int] | Select[Any]]) -> list[AuditEntry]:
    """Return the latest entries about some records: ``("orders", [12]), ("order_lines", […])``.

    The keys of many records are given as a query of them.
    """
    conditions = [
        (AuditEntry.entity == entity) & AuditEntry.entity_id.in_(_as_text(keys))
        for entity, keys in records
        if isinstance(keys, Select) or keys
    ]
    found = select(AuditEntry).where(or_(*conditions)).order_by(AuditEntry.id.desc())
    return list(session.scalars(found.limit(HISTORY)))


def _as_text(keys: list[int] | Select[Any]) -> Any:
    if isinstance(keys, Select):
        (column,) = keys.selected_columns
        return keys.with_only_columns(cast(column, Text))
    return [str(key) for key in keys]


def head(session: Session) -> tuple[int, str]:
    """Return how many links the chain has and the last one's hash: to be noted elsewhere."""
    count = session.scalar(select(func.count()).select_from(AuditLink)) or 0
    last = select(AuditLink.hash).order_by(AuditLink.position.desc()).limit(1)
    return count, (session.scalar(last) or b"").hex()


def first_break(session: Session, noted: str | None = None) -> str | None:
    """Return what is wrong with the chain, or None when every entry is as it was written.

    ``noted`` is a former head's hash: it has to be in the chain still, which shows that
    nobody cut off the end or wrote the chain anew.
    """
    if noted and not session.scalar(
        select(func.count()).where(AuditLink.hash == bytes.fromhex(noted))
    ):
        return "The noted head is not in the chain: the trail was cut or written anew."
    position = session.scalar(BROKEN)
    if position is not None:
        return f"Link {position} does not agree with its entry: the trail was changed."
    unchained = session.scalar(UNCHAINED)
    if unchained:
        return f"{unchained} entries are not in the chain: they were written around it."
    return None
