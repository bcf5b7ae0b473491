"""Writes of change orders: begin, apply to the order, drop."""

from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.audit.recording import note
from wholesale.changes.models import ChangeOrder, ChangeOrderLine
from wholesale.changes.queries import open_change
from wholesale.changes.workflow import CHANGEABLE, ChangeStatus
from wholesale.core.clock import now
from wholesale.core.errors import DomainError, Invalid
from wholesale.lines.carrying import LINE_COLUMNS, TERMS, copy_columns
from wholesale.lines.content import body_of
from wholesale.lines.grid import sections
from wholesale.lines.queries import lines_of
from wholesale.lines.totals import refresh_totals
from wholesale.orders.models import Order, OrderLine


def begin_change(
    session: Session, order: Order, reason: str, by: User, currency: str
) -> ChangeOrder:
    """Return a new change of ``order`` with the rows as they stand, or the one being written.

    The order's row is locked by then. Raises DomainError for an order whose rows are open to
    typing or done with, Invalid without a reason.
    """
    _refuse_status(order)
    begun = open_change(session, order)
    if begun is not None:
        return begun
    if not reason.strip():
        raise Invalid("Say why the order changes.", reason="Say why the order changes.")
    lines = lines_of(session, order)
    last = select(func.coalesce(func.max(ChangeOrder.number), 0))
    change = ChangeOrder(order_id=order.id, reason=reason, created_by_id=by.id)
    change.number = session.scalars(last.where(ChangeOrder.order_id == order.id)).one() + 1
    carried = {name: _text(getattr(order, name)) for name in TERMS}
    change.before = body_of(order, lines, currency) | {"contact": "", "carried": carried}
    change.order_lines_version = order.lines_version
    copy_columns(order, change, ("organization_id", "salesperson_id", "name", *TERMS))
    session.add(change)
    session.flush()
    for line in lines:
        copied = ChangeOrderLine(change_order_id=change.id)
        copy_columns(line, copied, LINE_COLUMNS)
        session.add(copied)
    refresh_totals(session, change)
    return change


def _refuse_status(order: Order) -> None:
    if order.status not in CHANGEABLE:
        stage = order.stage.label.lower()
        words = "type into its rows" if order.is_open_for_entry else "it can no longer change"
        raise DomainError(f"The order is {stage}: {words}.")


def moved(change: ChangeOrder) -> bool:
    """Tell whether the customer has to agree anew: the total or the delivery day is another."""
    day = change.requested_delivery.isoformat() if change.requested_delivery else ""
    return change.before["total"] != str(change.total) or change.before["delivery"] != day


def apply_change(
    session: Session, change: ChangeOrder, by: User, accepted_by: str, acceptance: str
) -> bool:
    """Write the change into its order, which is locked by then; returns whether this call did.

    Raises Invalid when the customer has to agree and nobody says who did, DomainError when
    the order has changed since, or left the statuses in which it may.
    """
    if change.status == ChangeStatus.APPLIED:
        return False
    order = change.order
    change.refuse_closed()
    _refuse_status(order)
    if order.lines_version != change.order_lines_version:
        raise DomainError("The order changed since this was begun. Drop it and begin anew.")
    told = (order.total, order.requested_delivery)
    _write_rows(session, order, change)
    _write_terms(order, change)
    refresh_totals(session, order)
    agreed = accepted_by.strip() and acceptance.strip()
    if told != (order.total, order.requested_delivery) and not agreed:
        words = "The total or the day moved: say who of the customer agreed, and how you know."
        raise Invalid(words, accepted_by=words)
    _refuse_short(session, order)
    change.status, change.applied_at, change.approved_by_id = ChangeStatus.APPLIED, now(), by.id
    change.accepted_by, change.acceptance = accepted_by, acceptance
    note(session, "changed", "orders", order.id, change=change.number, reason=change.reason)
    return True


def _write_rows(session: Session, order: Order, change: ChangeOrder) -> None:
    """Make the order's rows those of the change; rows without units go."""
    wanted = {line.variant_id: line for line in lines_of(session, change) if line.qty_total}
    if not wanted:
        raise DomainError("A change leaves at least one row with units. Or cancel the order.")
    for line in lines_of(session, order):
        source = wanted.pop(line.variant_id, None)
        if source is None:
            session.delete(line)
        else:
            copy_columns(source, line, LINE_COLUMNS)
    for source in wanted.values():
        added = OrderLine(order_id=order.id)
        copy_columns(source, added, LINE_COLUMNS)
        session.add(added)


def _write_terms(order: Order, change: ChangeOrder) -> None:
    """Write the terms that the change changed; what somebody else changed meanwhile stays.

    Raises DomainError for one that both changed.
    """
    for name in TERMS:
        former, wanted = change.before["carried"][name], getattr(change, name)
        if _text(wanted) == former:
            continue
        if _text(getattr(order, name)) not in (former, _text(wanted)):
            label = name.replace("_", " ")
            raise DomainError(f"Somebody changed the order's {label} meanwhile. Begin anew.")
        setattr(order, name, wanted)


def _refuse_short(session: Session, order: Order) -> None:
    """Raise DomainError for a style below its minimum or off its multiple."""
    short = [s for s in sections(lines_of(session, order)) if s.short]
    if short:
        raise DomainError(" ".join(f"{s.product.name}: {s.short}." for s in short))


def _text(value: Any) -> str:
    """Return a value as it is compared: 10 and 10.00 are one."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def drop_change(change: ChangeOrder) -> None:
    """Let the order stand as it is; the change stays to be read."""
    if change.status == ChangeStatus.DROPPED:
        return
    change.refuse_closed()
    change.status = ChangeStatus.DROPPED
