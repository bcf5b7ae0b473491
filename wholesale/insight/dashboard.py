"""One person's dashboard: what may be read of pipeline, sales, customers and what is overdue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Text, cast, literal, select, union_all
from sqlalchemy.orm import Session

from wholesale.access.queries import may
from wholesale.accounts.models import User
from wholesale.core.clock import today
from wholesale.customers.models import Organization
from wholesale.insight import pipeline, sums
from wholesale.insight.bars import NOTHING, Numbers, Panel, bars
from wholesale.insight.sales import Sales, firsts, quota, sales

HIGHEST = 8


@dataclass(frozen=True)
class Dashboard:
    """What there is to show; empty where the person may not read it."""

    is_own: bool = False
    sales: Sales | None = None
    panels: Sequence[Panel] = field(default_factory=list)


def dashboard(session: Session, person: User, zone: str) -> Dashboard:
    """Return the figures of ``person``, by the calendar of ``zone``, in two statements.

    Money by month and by customer is shown to who may read prices.
    """
    whose, day = sums.whose(person), today(zone)
    sees_money = whose is not None and may(person, "prices:read")
    found = _numbers(session, _parts(person, whose, sees_money, day, zone))
    panels = []
    if whose is not None:
        panels += [pipeline.overdue(found["late"], day), pipeline.orders(found["orders"])]
    panels += [
        pipeline.stages(room, found[room], person) for room in pipeline.STAGES if room in found
    ]
    if whose is None or not sees_money:
        return Dashboard(panels=panels)
    panels.append(_customers(session, whose, day, zone))
    target = found["quota"].get("", NOTHING)[1]
    return Dashboard(bool(whose), sales(day, found["months"], target), panels)


def _parts(
    person: User, whose: int | None, sees_money: bool, day: date, zone: str
) -> dict[str, Any]:
    """Return the queries of (what, count, money) that the person may see the numbers of."""
    parts: dict[str, Any] = {}
    if whose is not None:
        parts["orders"] = sums.by_status(whose)
        parts["late"] = sums.by_due_day(whose, day, pipeline.band_edges(day))
    if whose is not None and sees_money:
        parts["months"] = sums.by_month(whose, firsts(day), zone)
        parts["quota"] = quota(whose)
    for room in pipeline.STAGES:
        if may(person, f"{room}:read"):
            parts[room] = pipeline.counts(room, person, zone)
    return parts


def _numbers(session: Session, parts: Mapping[str, Any]) -> Mapping[str, Numbers]:
    """Ask for all ``parts`` in one statement; returns what each found, by its name."""
    found: dict[str, dict[str, tuple[int, Decimal]]] = {name: {} for name in parts}
    if not parts:
        return {}
    queries = []
    for name, part in parts.items():
        what, count, money = part.subquery().c
        queries.append(select(literal(name), cast(what, Text), count, money))
    for name, what, count, money in session.execute(union_all(*queries)):
        found[name][what] = (count, money or Decimal(0))
    return found


def _customers(session: Session, whose: int, day: date, zone: str) -> Panel:
    """Return the customers with the highest sales of this year."""
    highest = sums.by_customer(whose, day, zone, HIGHEST).subquery()
    query = (
        select(Organization.id, Organization.name, highest.c.orders, highest.c.total)
        .join(highest, highest.c.what == Organization.id)
        .order_by(highest.c.total.desc(), highest.c.what.desc())
    )
    year = {"placed_from": f"{day.year}-01-01", "placed_to": f"{day.year}-12-31"}
    rows = [
        (name, (orders, total), {"organization": key, "sold": True, **year})
        for key, name, orders, total in session.execute(query)
    ]
    return Panel("customers", f"Top customers of {day.year}", "orders", "Customer", bars(rows))
