"""What the dashboard counts, within the person's scope."""

from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from wholesale.access.queries import Actor
from wholesale.orders.models import Order
from wholesale.orders.queries import visible_orders, with_names
from wholesale.orders.workflow import OrderStatus

LATEST = 8
OPEN = [s for s in OrderStatus if s not in (OrderStatus.COMPLETED, OrderStatus.CANCELLED)]


def open_orders_by_status(session: Session, actor: Actor) -> list[tuple[OrderStatus, int, Any]]:
    """Return (status, orders, money) for each open status, in the order of the work."""
    query = (
        visible_orders(actor)
        .where(Order.status.in_(OPEN))
        .with_only_columns(Order.status, func.count(), func.sum(Order.total))
        .group_by(Order.status)
    )
    counted = {status: (count, total) for status, count, total in session.execute(query)}
    return [(status, *counted.get(status, (0, 0))) for status in OPEN]


def latest_orders(session: Session, actor: Actor) -> list[Order]:
    """Return the orders placed last."""
    query = with_names(visible_orders(actor)).order_by(Order.placed_at.desc(), Order.id.desc())
    return list(session.scalars(query.limit(LATEST)))
