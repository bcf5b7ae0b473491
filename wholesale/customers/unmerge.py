"""Undoing a merge: what moved and is still there moves back, fields nobody touched are restored."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, and_, func, select, text, update
from sqlalchemy.orm import Session

from wholesale.audit.models import AuditEntry
from wholesale.audit.recording import note
from wholesale.core.dependents import references
from wholesale.core.errors import DomainError
from wholesale.customers.merge import moved, place
from wholesale.customers.models import Contact, Organization

NAMED = 5


def merge_entry(session: Session, organization: Organization) -> AuditEntry | None:
    """Return the trail's entry of how ``organization`` was merged last."""
    entries = select(AuditEntry).where(
        AuditEntry.entity == "organizations",
        AuditEntry.entity_id == str(organization.id),
        AuditEntry.action == "merged",
    )
    return session.scalar(entries.order_by(AuditEntry.id.desc()).limit(1))


def undo(session: Session, kept: Organization, other: Organization) -> bool:
    """Give back to ``other`` what its merge into ``kept`` moved; False when it was undone before.

    Only rows that still belong to ``kept`` move, and only fields that are as the merge left
    them are restored. Raises DomainError when that would tear apart what belongs together.
    """
    if other.merged_into_id != kept.id:
        return False
    entry = merge_entry(session, other)
    record = entry.after if entry is not None else None
    if record is None:
        raise DomainError("The trail does not say what this merge moved: it cannot be undone.")
    if kept.merged_into is not None:
        further = kept.merged_into.name
        raise DomainError(f"{kept.name} was merged into {further} meanwhile. Undo that first.")
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    returned = {}
    for table, column in references(Organization.__table__):
        keys = record["moved"].get(place(table, column), [])
        still = and_(table.c.id == func.any(keys), column == kept.id)
        if keys:
            returned[place(table, column)] = moved(session, table, still, {column.name: other.id})
    _refuse_torn(session, kept, other)
    _promote(session, other, record["demoted"])
    _restore(session, kept, other, record)
    note(session, "undid the merge of", "organizations", other.id, moved=returned, into=kept.id)
    note(session, "gave back", "organizations", kept.id, organization=other.id, name=other.name)
    session.expire_all()
    return True


def _refuse_torn(session: Session, kept: Organization, other: Organization) -> None:
    """Raise DomainError where a row would belong to one customer and its contact to the other.

    That comes about when somebody chose, after the merge, a contact of the other one.
    """
    torn = []
    for table, column in references(Organization.__table__):
        for constraint in table.foreign_key_constraints:
            if constraint.referred_table is not Contact.__table__ or len(constraint.columns) < 2:
                continue
            contact_key = next(c for c in constraint.columns if c.name != column.name)
            query = (
                select(*[table.c[name] for name in ("id", "code") if name in table.c])
                .join(Contact, Contact.id == contact_key)
                .where(column.in_([kept.id, other.id]), Contact.organization_id != column)
            )
            torn += [_name(table, row) for row in session.execute(query.limit(NAMED))]
    if torn:
        raise DomainError(
            f"It cannot be undone: {', '.join(torn)} would name a contact of the other customer."
            " Choose another contact there first."
        )


def _name(table: Table, row: Any) -> str:
    code = getattr(row, "code", None)
    return code or f"{'draft' if table.name == 'orders' else table.name} {row.id}"


def _promote(session: Session, other: Organization, demoted: int | None) -> None:
    """Make the primary contact of before the primary one again, if it came back."""
    taken = select(Contact.id).where(Contact.organization_id == other.id, Contact.is_primary)
    if demoted is None or session.scalar(taken) is not None:
        return
    change = update(Contact).where(Contact.id == demoted, Contact.organization_id == other.id)
    session.execute(change.values(is_primary=True, version=Contact.version + 1))


def _restore(
    session: Session, kept: Organization, other: Organization, record: dict[str, Any]
) -> None:
    for name, (before, after) in record["fields"].items():
        column = Organization.__table__.c[name]
        if getattr(kept, name) == _read(column, after):
            setattr(kept, name, _read(column, before))
    session.flush()  # the number is free before its former owner gets it back
    former = record["former"]
    number = former["reference"]
    if number and session.scalar(select(Organization.id).where(Organization.reference == number)):
        number = other.reference  # somebody else has it by now, or it never left
    other.reference = number
    other.merged_into_id = None
    away = former["archived_at"]
    other.archived_at = datetime.fromisoformat(away) if away else None
    session.flush()


def _read(column: Any, value: Any) -> Any:
    """Return a recorded value as its column holds it."""
    return Decimal(value) if value is not None and column.type.python_type is Decimal else value
