"""How far orders, quotes and leads have come, and what is overdue: figures and their filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, literal, union_all

from wholesale.access.matrix import Scope
from wholesale.access.queries import scope_of
from wholesale.accounts.models import User
from wholesale.insight.bars import NOTHING, Numbers, Panel, bars
from wholesale.insight.hub import LISTS
from wholesale.leads.models import Lead
from wholesale.leads.queries import MINE
from wholesale.leads.workflow import OPEN as OPEN_LEADS
from wholesale.orders.queries import OPEN as OPEN_ORDERS
from wholesale.quotes.models import Quote
from wholesale.quotes.workflow import QuoteStatus


@dataclass(frozen=True)
class Stage:
    """A stage of quotes or leads: what it is called, and its filters in the list."""

    label: str
    filters: Mapping[str, Any]


_Q = QuoteStatus
STAGES = {
    "quotes": [
        *(Stage(one.label, {"status": [one.value]}) for one in (_Q.DRAFT, _Q.SENT)),
        Stage("Accepted, to be ordered", {"to_order": True}),
    ],
    "leads": [Stage(one.label, {"stage": [one.value]}) for one in OPEN_LEADS],
}
MONEY = {"quotes": Quote.total, "leads": Lead.value}
# How many days overdue, at least and at most.
BANDS = (
    ("1 to 7 days", 1, 7),
    ("8 to 30 days", 8, 30),
    ("More than 30 days", 31, None),
)


def counts(room: str, person: User, zone: str) -> Any:
    """Select (what, count, money) of each stage of quotes or leads, numbered from 0."""
    parts = []
    for place, stage in enumerate(STAGES[room]):
        query = LISTS[room](person, filters_of(room, stage.filters, person), zone)
        money = func.coalesce(func.sum(MONEY[room]), Decimal(0))
        parts.append(query.with_only_columns(literal(place), func.count(), money))
    return union_all(*parts)


def orders(found: Numbers) -> Panel:
    """Return the open orders by stage."""
    rows = [
        (stage.label, found.get(stage.value, NOTHING), {"status": [stage.value]})
        for stage in OPEN_ORDERS
    ]
    return Panel("stages", "Open orders by stage", "orders", "Stage", bars(rows))


def stages(room: str, found: Numbers, person: User) -> Panel:
    """Return the stages of open quotes or leads."""
    rows = [
        (stage.label, found.get(str(place), NOTHING), filters_of(room, stage.filters, person))
        for place, stage in enumerate(STAGES[room])
    ]
    return Panel(room, f"Open {room} by stage", room, "Stage", bars(rows))


def overdue(found: Numbers, today: date) -> Panel:
    """Return the late orders by how many days they are."""
    rows = []
    for place, (label, least, most) in enumerate(BANDS):
        days = {"delivery_to": (today - timedelta(days=least)).isoformat()}
        if most:
            days |= {"delivery_from": (today - timedelta(days=most)).isoformat()}
        number = found.get(str(len(BANDS) - 1 - place), NOTHING)
        rows.append((label, number, {"late": True, **days}))
    return Panel("overdue", "Overdue orders", "orders", "Late by", bars(rows))


def band_edges(today: date) -> list[date]:
    """Return the first days of the bands, the earliest first, without that of the open one."""
    return [today - timedelta(days=most) for _, _, most in reversed(BANDS) if most]


def filters_of(room: str, filters: Mapping[str, Any], person: User) -> dict[str, Any]:
    """Return the filters of a list: who has leads of their own looks after those."""
    is_own = room == "leads" and scope_of(person, "leads:read") is Scope.OWN
    return {**filters, "owner": MINE} if is_own else dict(filters)
