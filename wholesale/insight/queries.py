"""The orders that the dashboard shows, within the person's scope."""

from sqlalchemy.orm import Session

from wholesale.access.queries import Actor
from wholesale.orders.models import Order
from wholesale.orders.queries import visible_orders, with_names

LATEST = 8


def latest_orders(session: Session, actor: Actor) -> list[Order]:
    """Return the orders placed last."""
    query = with_names(visible_orders(actor)).order_by(Order.placed_at.desc(), Order.id.desc())
    return list(session.scalars(query.limit(LATEST)))
