"""The demo company's orders of two years, written in bulk."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate, groupby
from random import Random
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from wholesale.core.money import cents
from wholesale.demo.baskets import Basket, Chooser, basket
from wholesale.demo.bulk import insert_all
from wholesale.demo.catalog import Style
from wholesale.demo.customers import Customer
from wholesale.demo.seasons import Progress, delivery_day, order_times, progress
from wholesale.demo.texts import order_name, order_notes
from wholesale.lines.totals import refresh_totals_of
from wholesale.orders.models import Order, OrderLine
from wholesale.orders.workflow import OrderStatus, Priority

ORDERS = 4_000
_EARLY = (OrderStatus.NEW, OrderStatus.WAITING_SIZES)
_PACKED = (OrderStatus.SHIPPED, OrderStatus.COMPLETED)


@dataclass(frozen=True)
class Staff:
    """The keys of the people who enter orders."""

    sellers: list[int]
    ops: int


def add_orders(
    session: Session,
    rng: Random,
    customers: list[Customer],
    styles: list[Style],
    staff: Staff,
    today: date,
) -> int:
    """Write the orders and their lines and return how many orders that were."""
    chooser, shares = Chooser(styles), list(accumulate(c.weight for c in customers))
    times = order_times(rng, ORDERS, today)
    rows: list[dict[str, Any]] = []
    lines: list[list[dict[str, Any]]] = []
    for code, placed in zip(_codes(session, times), times, strict=True):
        customer = _customer(rng, customers, shares, placed.date())
        chosen = basket(rng, chooser, customer, placed.date())
        row = _order(rng, customer, chosen, placed, today) | _people(rng, customer, staff)
        _clear_open_sizes(rng, row, chosen)
        rows.append(row | {"code": code})
        lines.append(chosen.lines)
    ids = insert_all(session, Order, rows)
    _add_lines(session, ids, lines)
    session.execute(text("ANALYZE orders, order_lines"))  # the planner knows nothing of them yet
    refresh_totals_of(session, Order, ids, keeps_dates=True)
    return len(ids)


def _add_lines(session: Session, ids: list[int], lines: list[list[dict[str, Any]]]) -> None:
    owned = zip(ids, lines, strict=True)
    insert_all(session, OrderLine, [{"order_id": key} | line for key, own in owned for line in own])


def _codes(session: Session, times: list[datetime]) -> list[str]:
    """Take each year's numbers from its sequence, so that the next order's code follows."""
    codes: list[str] = []
    for year, moments in groupby(times, key=lambda moment: moment.year):
        count = func.generate_series(1, len(list(moments))).table_valued("place")
        numbers = session.scalars(
            select(func.next_document_number("O", year)).select_from(count)
        ).all()
        codes += [f"O-{year}-{number:05}" for number in sorted(numbers)]
    return codes


def _customer(rng: Random, customers: list[Customer], shares: list[float], day: date) -> Customer:
    while True:
        (customer,) = rng.choices(customers, cum_weights=shares)
        if customer.buys_on(day):
            return customer


def _order(
    rng: Random, customer: Customer, chosen: Basket, placed: datetime, today: date
) -> dict[str, Any]:
    delivery = delivery_day(rng, placed.date(), chosen.lead_days)
    state = progress(rng, placed, delivery, today)
    return {
        "name": order_name(rng, chosen.lead.shelf, customer.kind.client_type, delivery),
        "organization_id": customer.id,
        "status": state.status.value,
        "priority": rng.choices(list(Priority), (4, 84, 12))[0].value,
        "placed_at": placed,
        "requested_delivery": None if _is_undated(rng, state) else delivery,
        "shipping_address": customer.address,
        "notes": order_notes(rng, state.status),
        "freight": _freight(rng, chosen, state),
        "created_at": placed - timedelta(minutes=rng.randrange(3, 40)),
        "updated_at": state.since,
        "version": 1,
    }


def _people(rng: Random, customer: Customer, staff: Staff) -> dict[str, int]:
    seller = customer.row["salesperson_id"] or rng.choice(staff.sellers)
    others = rng.random() < 0.2
    return {
        "contact_id": rng.choice(customer.contact_ids) if others else customer.contact_ids[0],
        "salesperson_id": seller,
        "created_by_id": seller if rng.random() < 0.85 else staff.ops,
    }


def _is_undated(rng: Random, state: Progress) -> bool:
    return state.status in _EARLY and rng.random() < 0.15


def _freight(rng: Random, chosen: Basket, state: Progress) -> Decimal:
    """Return what a parcel service takes; orders that have not shipped have none yet."""
    if state.status not in _PACKED or rng.random() < 0.15:
        return Decimal(0)
    return cents(Decimal(str(round(11.5 + chosen.units * rng.uniform(0.22, 0.48), 2))))


def _clear_open_sizes(rng: Random, row: dict[str, Any], chosen: Basket) -> None:
    """Take the sizes out of some orders that still wait for them."""
    share = {"new": 0.1, "waiting_sizes": 0.25}.get(row["status"], 0)
    if rng.random() < share:
        for line in chosen.lines:
            line["quantities"] = {}
