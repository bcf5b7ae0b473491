"""Reads of change orders: who may read an order may read its changes."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from wholesale.access.queries import Actor
from wholesale.changes.models import ChangeOrder
from wholesale.changes.workflow import CHANGEABLE, ChangeStatus
from wholesale.core.errors import NotVisible
from wholesale.orders.models import Order
from wholesale.orders.queries import order, visible_orders

SHOWN = 200


def changes_of(session: Session, found: Order) -> list[ChangeOrder]:
    """Return an order's changes, the latest first."""
    query = (
        select(ChangeOrder)
        .where(ChangeOrder.order_id == found.id)
        .options(joinedload(ChangeOrder.created_by), joinedload(ChangeOrder.approved_by))
        .order_by(ChangeOrder.number.desc())
    )
    return list(session.scalars(query))


def open_changes(session: Session, actor: Actor) -> list[ChangeOrder]:
    """Return the changes being written of orders that the actor may read, the oldest first."""
    visible = visible_orders(actor).where(Order.status.in_(CHANGEABLE)).with_only_columns(Order.id)
    query = (
        select(ChangeOrder)
        .where(ChangeOrder.status == ChangeStatus.OPEN, ChangeOrder.order_id.in_(visible))
        .options(
            joinedload(ChangeOrder.order),
            joinedload(ChangeOrder.organization),
            joinedload(ChangeOrder.created_by),
        )
        .order_by(ChangeOrder.id)
    )
    return list(session.scalars(query.limit(SHOWN)))


def open_change(session: Session, found: Order) -> ChangeOrder | None:
    """Return the change of an order that is being written, or None."""
    query = select(ChangeOrder).where(
        ChangeOrder.order_id == found.id, ChangeOrder.status == ChangeStatus.OPEN
    )
    return session.scalar(query)


def change(
    session: Session,
    actor: Actor,
    ref: str,
    permission: str = "orders:read",
    *,
    lock: bool = False,
) -> ChangeOrder:
    """Return the change order that ``ref`` (``O-2026-00001-1``) stands for, through its order.

    With ``lock`` the order is locked: its changes wait for each other. Raises NotVisible, or
    NotPermitted where the actor may read the order but not do this.
    """
    code, _, number = ref.rpartition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        raise NotVisible("There is no such change.")
    found = order(session, actor, code, permission, lock=lock)
    query = (
        select(ChangeOrder)
        .where(ChangeOrder.order_id == found.id, ChangeOrder.number == int(number))
        .options(
            joinedload(ChangeOrder.organization),
            joinedload(ChangeOrder.contact),
            joinedload(ChangeOrder.salesperson),
            joinedload(ChangeOrder.approved_by),
        )
        .execution_options(populate_existing=lock)
    )
    made = session.scalar(query)
    if made is None:
        raise NotVisible("There is no such change.")
    return made
