"""Writes of customers: make, change, archive, restore, delete."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wholesale.access.matrix import Scope
from wholesale.access.queries import Actor, reaches, scope_of
from wholesale.core.clock import now
from wholesale.core.dependents import dependents
from wholesale.core.entry import made_before
from wholesale.core.errors import DomainError, Invalid, NotPermitted
from wholesale.customers.models import Contact, Organization

OWNED = ("contacts",)


def may_write(actor: Actor, organization: Organization) -> bool:
    """Tell whether ``actor`` may change ``organization`` and its contacts."""
    return reaches(actor, "organizations:write", organization.salesperson_id)


def may_edit_contact(actor: Actor, contact: Contact) -> bool:
    """Tell whether ``actor`` may edit ``contact``, which is in use and not of a duplicate."""
    away = contact.is_archived or contact.organization.merged_into_id is not None
    return not away and may_write(actor, contact.organization)


def picks_salesperson(actor: Actor) -> bool:
    """Tell whether ``actor`` may say whose a customer is; others have only their own."""
    return scope_of(actor, "organizations:write") is Scope.ALL


def refuse_foreign(actor: Actor, organization: Organization) -> None:
    """Raise NotPermitted when ``actor`` may look at ``organization`` but not change it."""
    if not may_write(actor, organization):
        raise NotPermitted("You may look at this customer but not change it.")


def refuse_merged(organization: Organization) -> None:
    """Raise DomainError for a duplicate that was merged: it stays as it was, for the undoing."""
    if organization.merged_into is not None:
        taker = organization.merged_into.name
        raise DomainError(f"{organization.name} was merged into {taker}. Undo that first.")


def create_organization(
    session: Session, values: dict[str, Any], by: Actor, key: UUID | None = None
) -> Organization:
    """Add a customer, or return the one that this form (``key``) added before.

    Who may write only their own becomes its salesperson. ``contact_name`` and
    ``contact_email`` among ``values`` make its primary contact. Raises Invalid when the
    customer number is taken.
    """
    made = made_before(session, Organization, key) if key else None
    if made is not None:
        return made
    person = {"name": values.pop("contact_name"), "email": values.pop("contact_email")}
    organization = Organization(**{name: value or None for name, value in values.items()})
    organization.entry_key = key
    _fill(organization, values)
    if scope_of(by, "organizations:write") is Scope.OWN:
        organization.salesperson_id = by.id
    with _unique_number(session):
        session.add(organization)
    if person["name"] or person["email"]:
        name = person["name"] or person["email"]
        contact = Contact(organization_id=organization.id, name=name, is_primary=True)
        contact.email = person["email"] or None
        session.add(contact)
    return organization


def change_organization(
    session: Session, organization: Organization, values: dict[str, Any]
) -> None:
    """Change some fields of a customer. Raises Invalid when the customer number is taken."""
    with _unique_number(session):
        for name, value in values.items():
            setattr(organization, name, value if value != "" else None)
        _fill(organization, values)


def add_contact(
    session: Session, organization: Organization, values: dict[str, Any], key: UUID
) -> Contact:
    """Add a contact, or return the one that this form (``key``) added before."""
    made = made_before(session, Contact, key)
    if made is not None:
        if made.organization_id != organization.id:
            raise Invalid("This form was used already. Open a new one.")
        return made
    contact = Contact(organization_id=organization.id, entry_key=key)
    save_contact(session, contact, values)
    return contact


def save_contact(session: Session, contact: Contact, values: dict[str, Any]) -> None:
    """Write a contact; a new primary one takes the place of the former."""
    if values.get("is_primary"):
        session.execute(
            update(Contact)
            .where(Contact.organization_id == contact.organization_id, Contact.is_primary)
            .where(Contact.id != (contact.id or 0))
            .values(is_primary=False, version=Contact.version + 1)
        )
    for name, value in values.items():
        setattr(contact, name, value if value != "" else None)
    session.add(contact)
    session.flush()


def archive(record: Organization | Contact) -> None:
    """Put a record away: gone from lists and pickers, readable where it is used."""
    record.archived_at = record.archived_at or now()


def restore(record: Organization | Contact) -> None:
    """Bring a record back."""
    record.archived_at = None


def archive_contact(contact: Contact) -> None:
    """Put a contact away; it is no longer the primary one."""
    archive(contact)
    contact.is_primary = False


def against_contact(session: Session, contact: Contact) -> dict[str, int]:
    """Return what refers to a contact, table → rows."""
    return dependents(session, contact)


def delete_contact(session: Session, contact: Contact) -> None:
    """Delete a contact. Raises DomainError when anything refers to it."""
    if against_contact(session, contact):
        raise DomainError(f"{contact.name} is in use. Archive it instead.")
    session.delete(contact)


def standing_against(session: Session, organization: Organization) -> dict[str, int]:
    """Return what refers to a customer, table → rows; its contacts go along with it."""
    return dependents(session, organization, owned=OWNED)


def delete_organization(session: Session, organization: Organization) -> None:
    """Delete a customer and its contacts. Raises DomainError when anything refers to it."""
    if standing_against(session, organization):
        raise DomainError(f"{organization.name} is in use. Archive it instead.")
    mine = select(Contact).where(Contact.organization_id == organization.id)
    for contact in session.scalars(mine):
        session.delete(contact)
    session.flush()
    session.delete(organization)


def _fill(organization: Organization, values: dict[str, Any]) -> None:
    """What the table wants as a value even when the field was left empty."""
    for name in ("discount_percent", "credit_limit"):
        if name in values:
            setattr(organization, name, values[name] or 0)
    if "tax_exempt" in values:
        organization.tax_exempt = bool(values["tax_exempt"])


@contextmanager
def _unique_number(session: Session) -> Iterator[None]:
    """Say in words that a customer number is taken, and undo what the block did."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        if "reference" not in str(error.orig):
            raise
        taken = "Another customer has this number."
        raise Invalid(taken, reference=taken) from None
