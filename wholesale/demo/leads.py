"""The demo company's leads: in every stage, some free to claim, stale, put away, converted."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from wholesale.demo.bulk import insert_all
from wholesale.demo.customers import Customer
from wholesale.demo.lists import listed
from wholesale.demo.names import KINDS, customer_name
from wholesale.demo.people import FIRST_NAMES, LAST_NAMES
from wholesale.demo.places import Place, phone, place, towns
from wholesale.leads.models import Lead
from wholesale.leads.workflow import OPEN, LeadStage
from wholesale.orders.models import Order

# Leads in words per stage, converted ones besides.
_COUNTS = {
    LeadStage.FUTURE: 14,
    LeadStage.LEAD: 30,
    LeadStage.HOT: 18,
    LeadStage.MOCK_UP: 13,
    LeadStage.MOCK_UP_SENT: 12,
    LeadStage.STORE_OR_ORDER: 9,
    LeadStage.NO_ANSWER: 10,
}
CONVERTED = 14
ARCHIVED = 9
_SCORES = {stage: 8 + 12 * rank for rank, stage in enumerate(OPEN)}
_SOURCES = listed("Trade show|Web form|Referral|Cold call|Past customer|Tournament|Instagram")
_ABOUT = listed(
    "Spring uniforms|Fall uniforms|Team store|Warm-ups for the season|Spirit wear|Staff polos|"
    "Travel jackets|Camp shirts|Tournament shirts|Home and away jerseys|Booster club order|"
    "Championship hoodies|Practice gear|Senior night shirts|Fundraiser shirts"
)
_NEXT = {
    LeadStage.FUTURE: listed("Write again before the season|Call after the board meets"),
    LeadStage.LEAD: listed("First call|Find out who decides|Send the catalog|Ask for the budget"),
    LeadStage.HOT: listed("Send prices|Agree on colours|Meet the coach|Ask for the logo"),
    LeadStage.MOCK_UP: listed("Get the mock-up from design|Check the logo|Choose the garment"),
    LeadStage.MOCK_UP_SENT: listed("Ask for approval|Talk through the mock-up|Send the blue one"),
    LeadStage.STORE_OR_ORDER: listed("Open the store|Collect the sizes|Confirm the deadline"),
    LeadStage.NO_ANSWER: [""],
}


@dataclass
class Written:
    """A lead as it was written, and who has to do with it."""

    id: int
    row: dict[str, Any]
    seller: int


def add_leads(
    session: Session, rng: Random, customers: list[Customer], sellers: dict[str, int], today: date
) -> list[Written]:
    """Write the leads and return them; converted ones came before a first order."""
    stages = [stage for stage, count in _COUNTS.items() for _ in range(count)]
    names = zip(stages, towns(rng, len(stages)), strict=True)
    taken = {customer.row["name"] for customer in customers}
    made = [_in_words(rng, stage, town, taken, sellers, today) for stage, town in names]
    _archive_some(rng, made, today)
    orders = _first_orders(session, rng, customers, today)
    made += [_converted(rng, customer, order) for customer, order in orders]
    made.sort(key=lambda lead: lead.row["created_at"])
    for lead, code in zip(made, _codes(session, made), strict=True):
        lead.row["code"] = code
    for lead, key in zip(made, insert_all(session, Lead, [m.row for m in made]), strict=True):
        lead.id = key
    return made


def _in_words(
    rng: Random,
    stage: LeadStage,
    town: str,
    taken: set[str],
    sellers: dict[str, int],
    today: date,
) -> Written:
    where = place(rng, town)
    seller = sellers[where.territory]
    is_free = stage in (LeadStage.FUTURE, LeadStage.LEAD) and rng.random() < 0.45
    row = _somebody(rng, where, taken) | _what(rng, stage) | _times(rng, stage, today)
    row |= {"organization_id": None, "contact_id": None, "converted_at": None}
    row |= _owner(rng, None if is_free else seller, row) | _next(rng, stage, today)
    return Written(0, row, seller)


def _somebody(rng: Random, where: Place, taken: set[str]) -> dict[str, Any]:
    """Describe somebody who is no customer: with a name that no customer has."""
    kind = rng.choice(KINDS[:-1])
    company = customer_name(rng, rng.choice(kind.patterns), where.city, rng.choice(LAST_NAMES))
    first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
    host = "".join(filter(str.isalnum, where.city.lower()))
    return {
        "company": f"{company} Boosters" if company in taken else company,
        "person": f"{first} {last}",
        "email": f"{first.lower()}@{host}.example" if rng.random() < 0.85 else None,
        "phone": phone(rng, where.area_code) if rng.random() < 0.7 else None,
        "city": where.city,
        "region": where.region,
        "client_type": kind.client_type.value,
        "archived_at": None,
    }


def _what(rng: Random, stage: LeadStage) -> dict[str, Any]:
    likely = _SCORES.get(stage, 100 if stage is LeadStage.CLIENT else 0)
    return {
        "name": rng.choice(_ABOUT),
        "stage": stage.value,
        "source": rng.choice(_SOURCES),
        "score": min(100, likely + rng.randrange(0, 20)),
        "value": Decimal(rng.randrange(8, 220) * 50),
        "notes": None,
        "version": 1,
    }


def _times(rng: Random, stage: LeadStage, today: date) -> dict[str, Any]:
    """Return since when a lead is known and when something happened last; some went stale."""
    idle = rng.randrange(16, 75) if rng.random() < 0.25 else rng.randrange(1, 13)
    idle += 40 if stage is LeadStage.NO_ANSWER else 0
    last = _at(rng, today - timedelta(days=idle))
    return {
        "created_at": last - timedelta(days=rng.randrange(1, 90), minutes=rng.randrange(500)),
        "last_activity_at": last,
    }


def _owner(rng: Random, seller: int | None, row: dict[str, Any]) -> dict[str, Any]:
    waited = timedelta(hours=rng.randrange(1, 24))
    claimed = min(row["created_at"] + waited, row["last_activity_at"])
    return {"owner_id": seller, "claimed_at": claimed if seller else None}


def _next(rng: Random, stage: LeadStage, today: date) -> dict[str, Any]:
    step = rng.choice(_NEXT[stage]) if rng.random() < 0.8 else ""
    day = today + timedelta(days=rng.randrange(-6, 22)) if step and rng.random() < 0.85 else None
    return {"next_step": step or None, "next_step_on": day}


def _archive_some(rng: Random, made: list[Written], today: date) -> None:
    old = [lead for lead in made if (today - lead.row["last_activity_at"].date()).days > 14]
    for lead in rng.sample(old, ARCHIVED):
        lead.row["archived_at"] = lead.row["last_activity_at"] + timedelta(days=5)


def _first_orders(
    session: Session, rng: Random, customers: list[Customer], today: date
) -> list[tuple[Customer, Row[Any]]]:
    """Return some customers whose first order came in the last year, with that order."""
    columns = Order.id, Order.organization_id, Order.salesperson_id, Order.contact_id
    first = (
        select(*columns, Order.name, Order.placed_at, Order.total)
        .ext(distinct_on(Order.organization_id))
        .order_by(Order.organization_id, Order.placed_at, Order.id)
    )
    rows: list[Row[Any]] = list(session.execute(first))
    found = {row.organization_id: row for row in rows}
    since = datetime.combine(today - timedelta(days=365), time(), UTC)
    recent = [
        (customer, found[customer.id])
        for customer in customers
        if customer.id in found and found[customer.id].placed_at > since
    ]
    return rng.sample([one for one in recent if not one[0].row["archived_at"]], CONVERTED)


def _converted(rng: Random, customer: Customer, order: Row[Any]) -> Written:
    """Return the lead that a customer's first order came from."""
    known = order.placed_at - timedelta(days=rng.randrange(5, 60))
    who = {"person": None, "email": None, "phone": None, "archived_at": None}
    where = {name: customer.row[name] for name in ("city", "region", "client_type")}
    row = who | where | _what(rng, LeadStage.CLIENT)
    row |= {"organization_id": customer.id, "contact_id": order.contact_id}
    row |= {"company": customer.row["name"], "value": order.total}
    row["name"] = order.name or row["name"]
    row |= {"created_at": known, "last_activity_at": order.placed_at}
    row |= {"converted_at": order.placed_at, "next_step": None, "next_step_on": None}
    return Written(0, row | _owner(rng, order.salesperson_id, row), order.salesperson_id)


def _codes(session: Session, made: list[Written]) -> list[str]:
    """Take each year's numbers from its sequence, so that the next lead's code follows."""
    codes: list[str] = []
    years = Counter(lead.row["created_at"].year for lead in made)
    for year, leads in sorted(years.items()):
        count = func.generate_series(1, leads).table_valued("place")
        taken = select(func.next_document_number("L", year)).select_from(count)
        codes += [f"L-{year}-{number:05}" for number in sorted(session.scalars(taken))]
    return codes


def _at(rng: Random, day: date) -> datetime:
    return datetime.combine(day, time(rng.randrange(14, 21), rng.randrange(60)), UTC)
