"""Brings the units and subtotals of many orders in line with their lines."""

from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from wholesale.orders.models import Order, OrderLine


def refresh_totals_of(
    session: Session, order_ids: Collection[int], *, keeps_dates: bool = False
) -> int:
    """Set units and subtotal of the orders whose lines say otherwise, in one statement.

    ``keeps_dates`` leaves ``updated_at`` as it is. Returns how many orders that were. Same
    sums as ``orders.operations.refresh_totals``.
    """
    sums = _sums(order_ids).subquery()
    changed_at = Order.updated_at if keeps_dates else func.now()
    totals = {"units": sums.c.units, "subtotal": sums.c.subtotal, "updated_at": changed_at}
    changed = session.scalars(
        update(Order)
        .where(Order.id == sums.c.id)
        .where((Order.units != sums.c.units) | (Order.subtotal != sums.c.subtotal))
        .values(totals | {"lines_version": Order.lines_version + 1})
        .returning(Order.id)
        .execution_options(synchronize_session=False)
    )
    return len(changed.all())


def _sums(order_ids: Collection[int]) -> Select[int, int, Decimal]:
    return (
        select(
            Order.id,
            func.coalesce(func.sum(OrderLine.qty_total), 0).label("units"),
            func.coalesce(func.sum(OrderLine.line_total), 0).label("subtotal"),
        )
        .outerjoin(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.id == func.any(list(order_ids)))
        .group_by(Order.id)
    )
