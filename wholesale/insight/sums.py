"""Reads the sums that the database keeps over orders: what is in them plus what waits to be.

Each function selects ``what``, ``orders``, ``total``; sums and deltas are read by one statement,
so that a folding between them shows nothing twice.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Select,
    and_,
    cast,
    column,
    extract,
    func,
    literal,
    select,
    true,
    union_all,
)

from wholesale.access.matrix import Scope
from wholesale.access.queries import Actor, scope_of
from wholesale.insight.models import (
    EVERYONE,
    CustomerSum,
    DueSum,
    MonthSum,
    OrderDelta,
    StatusSum,
)
from wholesale.orders.models import Order
from wholesale.orders.queries import IN_HOUSE, midnight
from wholesale.orders.workflow import OrderStatus

_MOMENT, _DAY = DateTime(timezone=True), Date()
_SOLD = OrderDelta.status != OrderStatus.CANCELLED


def whose(actor: Actor) -> int | None:
    """Return whose sums are those of the orders that ``actor`` may read; None for none at all."""
    scope = scope_of(actor, "orders:read")
    return {Scope.ALL: EVERYONE, Scope.OWN: actor.id}.get(scope)


def by_status(person: int) -> Select[Any]:
    """Select the placed orders by status."""
    return _grouped(_kept(StatusSum, StatusSum.status, person), _deltas(OrderDelta.status, person))


def by_month(person: int, firsts: Sequence[date], zone: str) -> Select[Any]:
    """Select what was sold in each month of ``zone``, by its first day.

    ``firsts`` are the first days of the months, and of the month after them. Sums are kept by
    the months of UTC: what lies between the two beginnings of a month is read from the orders,
    and moved from one month to the other.
    """
    kept = _kept(MonthSum, MonthSum.month, person)
    deltas = _deltas(OrderDelta.month, person).where(_SOLD)
    border = _borders(person, firsts, zone).cte("border")
    gained = select(border.c.gains, border.c.orders, border.c.total)
    lost = select(border.c.loses, -border.c.orders, -border.c.total)
    found = _grouped(kept, deltas, gained, lost).subquery()
    return select(found).where(found.c.what >= firsts[0], found.c.what < firsts[-1])


def _borders(person: int, firsts: Sequence[date], zone: str) -> Select[Any]:
    """Select what was sold between the beginnings of months in UTC and in ``zone``.

    The month before gains it where that of ``zone`` is the later one, else the month itself.
    """
    rows = []
    for first in firsts:
        before = (first - timedelta(days=1)).replace(day=1)
        utc, own = midnight(first, "UTC"), midnight(first, zone)
        months = (before, first) if utc < own else (first, before)
        rows.append((min(utc, own), max(utc, own), *months))
    edge = _table(rows, begin=_MOMENT, end=_MOMENT, gains=_DAY, loses=_DAY)
    sold = (
        select(func.count().label("orders"), func.coalesce(func.sum(Order.total), 0).label("total"))
        .where(*_sold(person), Order.placed_at >= edge.c.begin, Order.placed_at < edge.c.end)
        .lateral("sold")
    )
    return select(edge.c.gains, edge.c.loses, sold.c.orders, sold.c.total).join_from(
        edge, sold, true()
    )


def by_due_day(person: int, before: date, bands: Sequence[date]) -> Select[Any]:
    """Select the orders still in the house that were wanted ``before``, by bands of days.

    ``bands`` are the first days of all bands but the earliest, which is numbered 0.
    """
    bounds = literal(list(bands), ARRAY(_DAY))
    kept = _kept(DueSum, func.width_bucket(DueSum.day, bounds), person)
    deltas = _deltas(func.width_bucket(OrderDelta.delivery_rank, bounds), person)
    deltas = deltas.where(OrderDelta.status.in_(IN_HOUSE), OrderDelta.delivery_rank < before)
    return _grouped(kept.where(DueSum.day < before), deltas)


def by_customer(person: int, first: date, zone: str, most: int) -> Select[Any]:
    """Select the ``most`` customers with the highest sales in the year of ``first`` in ``zone``.

    Sums are kept by the years of UTC: what lies between the two beginnings of a year is read
    from the orders themselves. Customers that neither this nor a delta touches are taken along
    the index of the sums.
    """
    moved = _moved(person, first, zone).cte("moved")
    kept = CustomerSum.__table__.c
    mine = and_(kept.person == person, kept.year == first.year)
    untouched = (
        select(kept.organization_id.label("what"), kept.orders, kept.total)
        .where(mine, kept.orders > 0)
        .where(~select(1).where(moved.c.what == kept.organization_id).exists())
        .order_by(kept.total.desc(), kept.organization_id.desc())
        .limit(most)
    )
    touched = select(
        moved.c.what,
        (moved.c.orders + func.coalesce(kept.orders, 0)).label("orders"),
        (moved.c.total + func.coalesce(kept.total, 0)).label("total"),
    ).outerjoin_from(moved, CustomerSum.__table__, and_(mine, kept.organization_id == moved.c.what))
    both = union_all(untouched.subquery().select(), touched).subquery()
    highest = select(both).where(both.c.orders > 0)
    return highest.order_by(both.c.total.desc(), both.c.what.desc()).limit(most)


def _moved(person: int, first: date, zone: str) -> Select[Any]:
    """Add up by customer what its sums of the year do not say, or say too much."""
    utc, year = _year(first, "UTC"), _year(first, zone)
    deltas = _deltas(OrderDelta.organization_id, person).where(
        _SOLD, extract("year", OrderDelta.month) == first.year
    )
    edges = [
        _between(person, begin, end)
        for begin, end in ((year[0], utc[0]), (utc[1], year[1]))
        if begin != end
    ]
    return _grouped(deltas, *edges)


def _between(person: int, begin: datetime, end: datetime) -> Any:
    """Select the orders sold from ``begin`` to ``end``; to be taken away where it is earlier."""
    sign = 1 if begin < end else -1
    return select(Order.organization_id, literal(sign), Order.total * sign).where(
        *_sold(person), Order.placed_at >= min(begin, end), Order.placed_at < max(begin, end)
    )


def _sold(person: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of an order that ``person`` sold."""
    is_sold = Order.status != OrderStatus.CANCELLED
    return Order.code.is_not(None), is_sold, _whose(Order.salesperson_id, person)


def _year(day: date, zone: str) -> tuple[datetime, datetime]:
    first = day.replace(month=1, day=1)
    return midnight(first, zone), midnight(first.replace(year=first.year + 1), zone)


def _table(rows: Sequence[tuple[Any, ...]], **types: Any) -> Any:
    """Return ``rows`` as a table with named columns.

    Of arrays, since the text of the statement is made once then, and not anew each time.
    """
    columns = zip(zip(*rows, strict=True), types.values(), strict=True)
    arrays = [literal(list(values), ARRAY(type_)) for values, type_ in columns]
    table = func.unnest(*arrays).table_valued(*(column(*one) for one in types.items()))
    return table.render_derived()


def _kept(model: type[Any], key: Any, person: int) -> Select[Any]:
    return select(key, model.orders, model.total).where(model.person == person)


def _deltas(key: Any, person: int) -> Select[Any]:
    query = select(key, OrderDelta.orders, OrderDelta.total)
    return query.where(_whose(OrderDelta.salesperson_id, person))


def _grouped(*parts: Any) -> Select[Any]:
    """Add up rows of (what, orders, total)."""
    what, orders, total = union_all(*parts).subquery().c
    count = cast(func.sum(orders), BigInteger)
    columns = (what.label("what"), count.label("orders"), func.sum(total).label("total"))
    return select(*columns).group_by(what)


def _whose(column: Any, person: int) -> ColumnElement[bool]:
    """Return the condition that a salesperson is ``person``; everyone's are all orders."""
    return true() if person == EVERYONE else column == person
