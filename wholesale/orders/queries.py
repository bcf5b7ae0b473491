"""Reads of orders, within the person's scope."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session, joinedload

from wholesale.access import queries as access
from wholesale.access.queries import Actor, narrowed
from wholesale.core.clock import today
from wholesale.core.errors import NotPermitted, NotVisible
from wholesale.orders.models import DRAFT, NO_DAY, Order, OrderLine
from wholesale.orders.statuses import IN_HOUSE, OPEN, OrderStatus
from wholesale.web.listing import Listing, Sort, contains

PICKED = 8
NARROWING = ("q", "status", "organization", "product", "placed_from", "placed_to", "sold")
LISTING = Listing(
    Order.id,
    (
        Sort("placed", Order.placed_at, descending=True),
        Sort("delivery", Order.delivery_rank),
        Sort("total", Order.total),
    ),
)


def visible_orders(actor: Actor, permission: str = "orders:read") -> Select[Any]:
    """Select the placed orders that ``permission`` reaches for ``actor``."""
    own = Order.salesperson_id == actor.id
    return narrowed(select(Order).where(Order.code.is_not(None)), actor, permission, own=own)


def listed_orders(actor: Actor, wanted: dict[str, Any], zone: str) -> Select[Any]:
    """Select the orders of the list.

    ``wanted`` may hold ``q``, ``status`` (a list), ``salesperson``, ``organization``, ``product``
    (keys), ``placed_from`` and ``placed_to`` (days in ``zone``, both included),
    ``delivery_from`` and ``delivery_to`` (of the requested day, both included), and, true or
    false, ``open``, ``late``, ``sold``, ``undated`` and ``archived``. Archived orders are out of
    the way of who browses; where something is looked for or counted, they are among the rest.
    """
    query = visible_orders(actor)
    if wanted.get("archived"):
        query = query.where(Order.archived_at.is_not(None))
    elif not any(wanted.get(name) for name in NARROWING):
        query = query.where(Order.archived_at.is_(None))
    if wanted.get("q"):
        query = query.where(contains(Order.search, wanted["q"]))
    if wanted.get("status"):
        query = query.where(Order.status.in_(wanted["status"]))
    if wanted.get("salesperson"):
        query = query.where(Order.salesperson_id == wanted["salesperson"])
    if wanted.get("organization"):
        query = query.where(Order.organization_id == wanted["organization"])
    if wanted.get("product"):
        with_it = select(OrderLine.order_id).where(OrderLine.product_id == wanted["product"])
        query = query.where(Order.id.in_(with_it))
    for condition in _days(wanted, zone):
        query = query.where(condition)
    for name, condition in standing(zone).items():
        if wanted.get(name):
            query = query.where(condition)
    return query


def _days(wanted: dict[str, Any], zone: str) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of the filters by days."""
    if wanted.get("placed_from"):
        yield Order.placed_at >= midnight(wanted["placed_from"], zone)
    if wanted.get("placed_to"):
        yield Order.placed_at < midnight(wanted["placed_to"] + timedelta(days=1), zone)
    if wanted.get("delivery_from"):
        yield Order.delivery_rank >= wanted["delivery_from"]
        yield Order.delivery_rank < NO_DAY
    if wanted.get("delivery_to"):
        yield Order.delivery_rank <= wanted["delivery_to"]


def standing(zone: str) -> dict[str, ColumnElement[bool]]:
    """Return the conditions of the list's filters of yes or no, by their names.

    Late is an order that has not left the house though its requested day lies before today
    in ``zone``.
    """
    return {
        "open": Order.status.in_(OPEN),
        "late": and_(Order.status.in_(IN_HOUSE), Order.delivery_rank < today(zone)),
        "sold": Order.status != OrderStatus.CANCELLED,
        "undated": Order.delivery_rank == NO_DAY,
    }


def with_names(query: Select[Any]) -> Select[Any]:
    """Load what a row of the list shows along with each order."""
    return query.options(joinedload(Order.organization), joinedload(Order.salesperson))


def pick_orders(session: Session, actor: Actor, q: str) -> list[Order]:
    """Return the latest orders whose code, name or customer contains what was typed."""
    if not q:
        return []
    query = with_names(visible_orders(actor).where(contains(Order.search, q)))
    return list(session.scalars(query.order_by(Order.placed_at.desc()).limit(PICKED)))


def drafts_of(session: Session, actor: Actor) -> list[Order]:
    """Return the orders that ``actor`` began and has not placed, the latest first."""
    query = (
        select(Order)
        .where(Order.code.is_(None), Order.created_by_id == actor.id)
        .options(joinedload(Order.organization))
        .order_by(Order.updated_at.desc())
        .limit(10)
    )
    return list(session.scalars(query))


def order(
    session: Session,
    actor: Actor,
    ref: str,
    permission: str = "orders:read",
    *,
    lock: bool = False,
) -> Order:
    """Return the order that ``ref`` stands for: a code, or the actor's own draft.

    An order that is to be changed is locked until the transaction ends, so that two
    changes at once each see the other's. Raises NotVisible outside what the actor may
    read, NotPermitted when the actor may read it but not do this.
    """
    query = _by_ref(actor, ref).options(
        joinedload(Order.organization), joinedload(Order.contact), joinedload(Order.salesperson)
    )
    if lock:
        query = query.with_for_update(of=Order)
    found = session.scalar(query)
    if found is None:
        raise NotVisible("There is no such order.")
    if not reaches(actor, found, permission):
        raise NotPermitted("You may look at this order but not change it.")
    return found


def reaches(actor: Actor, found: Order, permission: str) -> bool:
    """Tell whether ``permission`` of ``actor`` reaches an order that ``actor`` may read."""
    if found.is_draft:
        return found.created_by_id == actor.id
    return access.reaches(actor, permission, found.salesperson_id)


def _by_ref(actor: Actor, ref: str) -> Select[Any]:
    """Select by code in any case, or by the draft number, which stays good for its author."""
    number = ref.removeprefix(DRAFT)
    if number == ref:
        return visible_orders(actor).where(Order.code == ref.upper())
    key = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    return select(Order).where(Order.id == key, Order.created_by_id == actor.id)


def midnight(day: Any, zone: str) -> datetime:
    """Return the moment at which ``day`` begins in ``zone``."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
