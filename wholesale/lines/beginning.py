"""Beginning a document for a customer, once however often its form is sent."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.audit.recording import note
from wholesale.core.errors import Invalid
from wholesale.customers.models import Contact, Organization
from wholesale.lines.carrying import AMOUNTS


def begin(
    session: Session, kind: Any, organization: Organization, key: UUID, by: User, **more: Any
) -> Any:
    """Return a new document of ``kind`` for ``organization``, or what this form (``key``) began.

    It takes over the customer's primary contact, address and salesperson, and ``more``.
    Raises Invalid for an archived customer.
    """
    # Waits for a merge of this customer, and sees what came of it.
    away = select(Organization.archived_at).where(Organization.id == organization.id)
    if session.scalar(away.with_for_update(read=True)) is not None:
        raise Invalid(f"{organization.name} is archived. Restore it first.")
    made = session.scalar(
        insert(kind)
        .values(entry_key=key, **_taken_over(session, organization, by), **more)
        .on_conflict_do_nothing(index_elements=["entry_key"])
        .returning(kind.id)
    )
    if made is not None:
        note(session, "created", kind.__tablename__, made, organization_id=organization.id)
    begun = select(kind).where(kind.entry_key == key, kind.created_by_id == by.id)
    found = session.scalar(begun)
    if found is None or found.organization_id != organization.id or not found.is_draft:
        raise Invalid("This form was used already. Open a new one.")
    return found


def _taken_over(session: Session, organization: Organization, by: User) -> dict[str, Any]:
    """Return what a new document takes over from its customer and its author."""
    primary = select(Contact.id).where(
        Contact.organization_id == organization.id,
        Contact.is_primary,
        Contact.archived_at.is_(None),
    )
    return {
        "organization_id": organization.id,
        "contact_id": session.scalar(primary),
        "salesperson_id": by.id if by.role == "sales" else organization.salesperson_id,
        "created_by_id": by.id,
        "shipping_address": organization.address,
    }


def change_details(session: Session, document: Any, values: dict[str, Any]) -> None:
    """Change what a document says besides its lines; an amount that was emptied is zero.

    Raises Invalid when the contact belongs to another organization.
    """
    contact_id = values.get("contact_id")
    if contact_id is not None:
        owner = session.scalar(select(Contact.organization_id).where(Contact.id == contact_id))
        if owner != document.organization_id:
            raise Invalid(
                "Choose a contact of this customer.", contact_id="Choose one from the list."
            )
    for name, value in values.items():
        setattr(document, name, 0 if value is None and name in AMOUNTS else value)
