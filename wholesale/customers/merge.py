"""Merging a duplicate into the customer that stays: everything moves, and can be moved back."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, func, select, text, update
from sqlalchemy.orm import Session

from wholesale.access.queries import Actor
from wholesale.audit.recording import note
from wholesale.core.clock import now
from wholesale.core.dependents import references
from wholesale.core.errors import Invalid, NotVisible
from wholesale.customers.models import ClientType, Contact, Organization, Tier
from wholesale.customers.operations import may_write
from wholesale.customers.search import visible_organizations

# What one chooses between, as one thing each: half of an address of one with half of another's
# would be no address.
FIELDS: dict[str, tuple[str, ...]] = {
    "Name": ("name",),
    "Customer number": ("reference",),
    "Client type": ("client_type",),
    "Price tier": ("tier",),
    "Salesperson": ("salesperson_id",),
    "Territory": ("territory",),
    "Phone": ("phone",),
    "Address": ("street", "city", "region", "postal_code", "country"),
    "Payment terms": ("payment_terms",),
    "Credit limit": ("credit_limit",),
    "Discount %": ("discount_percent",),
    "Tax exempt": ("tax_exempt",),
}


@dataclass(frozen=True)
class Choice:
    """One thing that differs: what each of the two says, and which is proposed."""

    label: str
    name: str
    kept: str
    other: str
    takes_other: bool


def pair(
    session: Session, actor: Actor, kept_key: int, other_key: int, *, lock: bool = False
) -> tuple[Organization, Organization]:
    """Return the one that stays and the duplicate, locked in the order of their keys.

    So two merges at once, A into B and B into A, wait for each other instead of for ever.
    Raises NotVisible outside the actor's scope.
    """
    query = visible_organizations(actor).where(Organization.id.in_([kept_key, other_key]))
    query = query.order_by(Organization.id).execution_options(populate_existing=lock)
    found = session.scalars(query.with_for_update(of=Organization) if lock else query)
    by_key = {organization.id: organization for organization in found}
    if kept_key not in by_key or other_key not in by_key:
        raise NotVisible("There is no such organization.")
    return by_key[kept_key], by_key[other_key]


def refuse_pair(kept: Organization, other: Organization) -> None:
    """Raise Invalid when ``other`` cannot be merged into ``kept``."""
    if kept is other:
        raise Invalid("Choose another customer: this one cannot be merged into itself.")
    for one in (kept, other):
        if one.merged_into is not None:
            raise Invalid(f"{one.name} was merged into {one.merged_into.name} already.")
    if kept.is_archived:
        raise Invalid(f"{kept.name} is archived. Restore it first, or keep the other one.")


def may_undo(actor: Actor, other: Organization) -> bool:
    """Tell whether ``actor`` may give back to ``other`` what its merge moved: who writes both."""
    kept = other.merged_into
    return kept is not None and may_write(actor, kept) and may_write(actor, other)


def choices(kept: Organization, other: Organization) -> list[Choice]:
    """Return what differs; what the one that stays lacks is proposed from the other."""
    found = []
    for label, names in FIELDS.items():
        mine, theirs = _words(kept, names), _words(other, names)
        if mine != theirs:
            found.append(Choice(label, names[0], mine, theirs, takes_other=not mine))
    return found


def what_moves(session: Session, other: Organization) -> dict[str, int]:
    """Return table name → number of rows that would move."""
    counts = {}
    for table, column in _moving():
        query = select(func.count()).select_from(table).where(column == other.id)
        if count := session.scalar(query):
            counts[table.name] = count
    return counts


def namesakes(session: Session, kept: Organization, other: Organization) -> list[Contact]:
    """Return the duplicate's contacts whose e-mail a contact of the other has, too."""
    mine = select(Contact.email).where(Contact.organization_id == kept.id)
    same = select(Contact).where(Contact.organization_id == other.id, Contact.email.in_(mine))
    return list(session.scalars(same.order_by(Contact.name)))


def merge(session: Session, kept: Organization, other: Organization, taken: set[str]) -> None:
    """Move everything of ``other`` to ``kept``, which takes over the fields ``taken``.

    What moved and what the fields were goes into the trail, from where ``undo`` reads it.
    Raises Invalid when the two cannot be merged.
    """
    refuse_pair(kept, other)
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    demoted, gone = None, {}
    for table, column in _moving():
        if table is Contact.__table__:
            demoted = _demote(session, kept, other)
        if keys := moved(session, table, column == other.id, {column.name: kept.id}):
            gone[place(table, column)] = keys
    former = {"reference": other.reference, "archived_at": _json(other.archived_at)}
    fields = _take_over(session, kept, other, taken)
    other.merged_into_id, other.archived_at = kept.id, now()
    session.flush()
    record = {"moved": gone, "fields": fields, "former": former, "demoted": demoted}
    note(session, "merged", "organizations", other.id, into=kept.id, name=kept.name, **record)
    note(session, "took over", "organizations", kept.id, organization=other.id, name=other.name)
    session.expire_all()


def _moving() -> list[tuple[Table, Any]]:
    """Every column that names a customer; who was merged into whom stays as it was.

    Contacts come last, as in a change of an order: two in another order wait for each other.
    """
    own = Organization.__table__
    found = [(table, column) for table, column in references(own) if table is not own]
    return sorted(found, key=lambda place: place[0] is Contact.__table__)


def place(table: Table, column: Any) -> str:
    """Return under which name the trail keeps the rows of a column that names a customer."""
    return table.name if column.name == "organization_id" else f"{table.name}.{column.name}"


def moved(session: Session, table: Table, which: Any, values: dict[str, Any]) -> list[int]:
    """Give rows of ``table`` to another customer; return their keys.

    Forms that are open notice by the version.
    """
    values = dict(values)
    if "version" in table.c:
        values["version"] = table.c.version + 1
    if "updated_at" in table.c:
        values["updated_at"] = func.now()
    change = update(table).where(which).values(values).returning(table.c.id)
    return sorted(session.scalars(change))


def _demote(session: Session, kept: Organization, other: Organization) -> int | None:
    """Make the duplicate's primary contact an ordinary one where the other has its own."""
    primary = select(Contact.id).where(Contact.is_primary)
    if session.scalar(primary.where(Contact.organization_id == kept.id)) is None:
        return None
    found = session.scalar(primary.where(Contact.organization_id == other.id))
    if found is not None:
        change = update(Contact).where(Contact.id == found)
        session.execute(change.values(is_primary=False, version=Contact.version + 1))
    return found


def _take_over(
    session: Session, kept: Organization, other: Organization, taken: set[str]
) -> dict[str, list[Any]]:
    """Write the chosen fields; return each one's value before and after."""
    names = [n for group in FIELDS.values() if group[0] in taken for n in group]
    values = {name: getattr(other, name) for name in names}
    fields = {
        name: [_json(getattr(kept, name)), _json(value)]
        for name, value in values.items()
        if getattr(kept, name) != value
    }
    if "reference" in fields:
        other.reference = None
        session.flush()  # a number is one customer's at any moment
    for name, value in values.items():
        setattr(kept, name, value)
    session.flush()
    return fields


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _words(organization: Organization, names: tuple[str, ...]) -> str:
    """Return what the page shows of a field; empty where there is nothing to keep."""
    name = names[0]
    if name == "street":
        return organization.address
    if name == "salesperson_id":
        return organization.salesperson.name if organization.salesperson else ""
    value = getattr(organization, name)
    if name in ("client_type", "tier"):
        return (ClientType if name == "client_type" else Tier)(value).label
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return f"{value:,.2f}" if isinstance(value, Decimal) else value or ""
