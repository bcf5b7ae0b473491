"""Writes of orders: begin, place, discard, change the details; keeping totals."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.audit.recording import note
from wholesale.core.clock import now
from wholesale.core.codes import next_code
from wholesale.core.errors import DomainError, Invalid
from wholesale.customers.models import Contact, Organization
from wholesale.orders.models import Order, OrderLine
from wholesale.orders.queries import lines_of


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
    lines = lines_of(session, order.id)
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


def refresh_totals(session: Session, order: Order) -> None:
    """Bring the order's units and subtotal in line with its lines, in one statement.

    The order's row is locked by then, so that no other change of a line is missed.
    """
    session.flush()
    sums = _sums([order.id]).subquery()
    _write_totals(session, sums, func.now(), Order.id == sums.c.order_id)
    session.refresh(order, ["units", "subtotal", "total", "lines_version"])


def refresh_totals_of(
    session: Session, order_ids: Collection[int], *, keeps_dates: bool = False
) -> None:
    """Bring the totals of those orders in line whose lines say otherwise, in one statement.

    ``keeps_dates`` leaves ``updated_at`` as it is. The sums are made once, whatever the planner
    takes the number of orders for.
    """
    sums = _sums(order_ids).cte().prefix_with("MATERIALIZED")
    differs = (Order.units != sums.c.units) | (Order.subtotal != sums.c.subtotal)
    changed_at = Order.updated_at if keeps_dates else func.now()
    _write_totals(session, sums, changed_at, (Order.id == sums.c.order_id) & differs)


def _sums(order_ids: Collection[int]) -> Any:
    return (
        select(
            Order.id.label("order_id"),
            func.coalesce(func.sum(OrderLine.qty_total), 0).label("units"),
            func.coalesce(func.sum(OrderLine.line_total), 0).label("subtotal"),
        )
        .outerjoin(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.id == func.any(list(order_ids)))
        .group_by(Order.id)
    )


def _write_totals(session: Session, sums: Any, changed_at: Any, where: Any) -> None:
    totals = {"units": sums.c.units, "subtotal": sums.c.subtotal, "updated_at": changed_at}
    session.execute(
        update(Order)
        .where(where)
        .values(totals | {"lines_version": Order.lines_version + 1})
        .execution_options(synchronize_session=False)
    )


def refuse_closed(order: Order) -> None:
    """Raise DomainError when the order's lines may no longer be typed into."""
    if not order.is_open_for_entry:
        raise DomainError(f"The order is {order.stage.label.lower()}: its lines stand.")


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
