"""Writes of orders: begin, place, discard."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.core.clock import now, today
from wholesale.core.codes import next_code
from wholesale.core.errors import DomainError
from wholesale.customers.models import Organization
from wholesale.lines.beginning import begin
from wholesale.lines.carrying import COPIED, copy_columns
from wholesale.lines.copying import copy_lines
from wholesale.lines.queries import lines_of
from wholesale.lines.totals import refresh_totals
from wholesale.orders.models import Order, OrderLine


def begin_order(session: Session, organization: Organization, key: UUID, by: User) -> Order:
    """Return a new draft for ``organization``, or the one this form (``key``) began before.

    The draft takes over the customer's primary contact, address and salesperson.
    Raises Invalid for an archived customer.
    """
    begun: Order = begin(session, Order, organization, key, by)
    return begun


def copy_order(session: Session, source: Order, key: UUID, by: User) -> Order:
    """Return a new draft with the rows of ``source`` at today's prices, or this form's."""
    order = begin_order(session, source.organization, key, by)
    if not order.copied and not order.lines_version:
        copy_columns(source, order, COPIED)
        session.flush()
        copy_lines(session, source, order, today(by.time_zone))
    return order


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
