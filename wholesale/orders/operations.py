"""Writes of orders: begin, place, discard, change the details; keeping totals."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.audit.recording import note
from wholesale.core.clock import now
from wholesale.core.codes import next_code
from wholesale.core.errors import DomainError, Invalid
from wholesale.customers.models import Contact, Organization
from wholesale.lines.queries import lines_of
from wholesale.lines.totals import refresh_totals
from wholesale.orders.models import Order, OrderLine


def begin_order(session: Session, organization: Organization, key: UUID, by: User) -> Order:
    """Return a new draft for ``organization``, or the one this form (``key``) began before.

    The draft takes over the customer's primary contact, address and salesperson.
    Raises Invalid for an archived customer.
    """
    # Waits for a merge of this customer, and sees what came of it.
    away = select(Organization.archived_at).where(Organization.id == organization.id)
    if session.scalar(away.with_for_update(read=True)) is not None:
        raise Invalid(f"{organization.name} is archived. Restore it first.")
    made = session.scalar(
        insert(Order)
        .values(entry_key=key, **_taken_over(session, organization, by))
        .on_conflict_do_nothing(index_elements=["entry_key"])
        .returning(Order.id)
    )
    if made is not None:
        note(session, "created", "orders", made, organization_id=organization.id)
    begun = select(Order).where(Order.entry_key == key, Order.created_by_id == by.id)
    found = session.scalar(begun)
    if found is None or found.organization_id != organization.id or not found.is_draft:
        raise Invalid("This form was used already. Open a new one.")
    return found


def _taken_over(session: Session, organization: Organization, by: User) -> dict[str, Any]:
    """Return what a new draft takes over from its customer and its author."""
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


def place_order(session: Session, order: Order) -> bool:
    """Turn a draft into an order with a code; placing it a second time changes nothing.

    Returns whether this call placed it.

    Colours without units are dropped where their product has units in another colour;
    a product without any stays, its sizes are still to come. Raises DomainError when
    the order has no line, or sells something that was archived meanwhile.
    """
    if not order.is_draft:
        return False
    lines = lines_of(session, order)
    if not lines:
        raise DomainError("Add at least one product before you save the order.")
    if order.organization.is_archived:
        raise DomainError(f"{order.organization.name} was archived meanwhile.")
    _drop_idle(session, lines)
    order.code = next_code(session, "O")
    order.placed_at = now()
    refresh_totals(session, order)
    return True


def discard_draft(session: Session, order: Order) -> None:
    """Delete a draft and its lines. Raises DomainError for an order that was placed."""
    if not order.is_draft:
        raise DomainError(f"{order.code} was placed; it can only be cancelled.")
    session.delete(order)


def change_details(session: Session, order: Order, values: dict[str, Any]) -> None:
    """Change name, contact, delivery day, priority, address or notes.

    Raises Invalid when the contact belongs to another organization.
    """
    contact_id = values.get("contact_id")
    if contact_id is not None:
        owner = session.scalar(select(Contact.organization_id).where(Contact.id == contact_id))
        if owner != order.organization_id:
            raise Invalid(
                "Choose a contact of this customer.", contact_id="Choose one from the list."
            )
    for name, value in values.items():
        setattr(order, name, value)


def _drop_idle(session: Session, lines: Iterable[OrderLine]) -> None:
    lines = list(lines)
    busy = {line.product_id for line in lines if line.qty_total}
    idle = [line for line in lines if line.product_id in busy and not line.qty_total]
    archived = [
        line
        for line in lines
        if line not in idle and (line.variant.is_archived or line.product.is_archived)
    ]
    if archived:
        names = ", ".join(f"{line.product.name} {line.variant.label}" for line in archived)
        raise DomainError(f"{names}: archived meanwhile. Remove the row and save again.")
    for line in idle:
        session.delete(line)
