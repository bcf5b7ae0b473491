"""The demo company's customers and the people who order for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from wholesale.customers.models import ClientType, Contact, Organization, Tier
from wholesale.demo.bulk import insert_all
from wholesale.demo.catalog import COLOURS
from wholesale.demo.names import KINDS, Kind, customer_name
from wholesale.demo.people import FIRST_NAMES, LAST_NAMES
from wholesale.demo.places import phone, place, towns

ARCHIVED = 14
YEARS = 5
_TERMS = ("Due on receipt", "50% deposit", "Net 15", "Net 30", "Net 30", "Net 45")
_CREDIT = (5_000, 7_500, 10_000, 15_000, 25_000, 50_000)
_SHORTER = (
    (" Preparatory School", " Prep"),
    (" High School", " HS"),
    (" Area School District", " Schools"),
    (" Community College", " CC"),
    ("University of ", "U "),
    (" State University", " State"),
    (" Parks & Recreation", " Parks"),
    ("House account: ", "house "),
)


@dataclass
class Customer:
    """What orders need to know of an organization."""

    kind: Kind
    row: dict[str, Any]
    tier: Tier
    # How often it orders, compared with the others.
    weight: float
    colours: list[str]
    id: int = 0
    contact_ids: list[int] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The address as an order copies it."""
        town = f"{self.row['city']} {self.row['region']} {self.row['postal_code']}"
        return f"{self.row['street']}\n{town}\n{self.row['country']}"

    def buys_on(self, day: date) -> bool:
        """Tell whether it was a customer on ``day``."""
        archived = self.row["archived_at"]
        return self.row["created_at"].date() <= day and not (archived and archived.date() < day)


def add_customers(
    session: Session, rng: Random, sellers: dict[str, int], today: date
) -> list[Customer]:
    """Write the organizations and their contacts and return them."""
    customers = list(_customers(rng, sellers, today))
    rng.shuffle(customers)
    for place_in_list, customer in enumerate(customers):
        customer.row["reference"] = f"C-{1001 + place_in_list}"
    _archive_some(rng, customers, today)
    ids = insert_all(session, Organization, [customer.row for customer in customers])
    for customer, key in zip(customers, ids, strict=True):
        customer.id = key
    _add_contacts(session, rng, customers)
    return customers


def _customers(rng: Random, sellers: dict[str, int], today: date) -> Iterator[Customer]:
    names: set[str] = set()
    town_names = iter(towns(rng, sum(kind.count for kind in KINDS)))
    for kind in KINDS:
        for place_in_kind in range(kind.count):
            town = next(town_names)
            if kind.client_type is ClientType.IN_HOUSE:
                name = kind.patterns[place_in_kind]
            else:
                name = _unused_name(rng, kind, town, names)
            yield _customer(rng, kind, town, name, sellers, today)


def _unused_name(rng: Random, kind: Kind, town: str, names: set[str]) -> str:
    while True:
        name = customer_name(rng, rng.choice(kind.patterns), town, rng.choice(LAST_NAMES))
        if name not in names:
            names.add(name)
            return name


def _customer(
    rng: Random, kind: Kind, town: str, name: str, sellers: dict[str, int], today: date
) -> Customer:
    where = place(rng, town)
    tier = _tier(rng, kind)
    seller = sellers[where.territory] if rng.random() < 0.85 else rng.choice([*sellers.values()])
    row = _terms(rng, kind, tier) | {
        "name": name,
        "client_type": kind.client_type.value,
        "territory": where.territory,
        "street": where.street,
        "city": where.city,
        "region": where.region,
        "postal_code": where.postal_code,
        "country": "USA",
        "phone": phone(rng, where.area_code),
        "salesperson_id": None if rng.random() < 0.04 else seller,
        "created_at": _since(rng, today),
        "archived_at": None,
        "version": 1,
    }
    return Customer(kind, row, tier, rng.lognormvariate(0, 0.9), rng.sample(COLOURS, 3))


def _terms(rng: Random, kind: Kind, tier: Tier) -> dict[str, Any]:
    terms = "Net 30" if kind.tax_exempt and rng.random() < 0.7 else rng.choice(_TERMS)
    return {
        "tier": tier.value,
        "discount_percent": {Tier.STANDARD: 0, Tier.WHOLESALE: 5, Tier.VIP: 10}[tier],
        "credit_limit": Decimal(rng.choice(_CREDIT) if terms.startswith("Net") else 0),
        "payment_terms": terms,
        "tax_exempt": kind.tax_exempt,
    }


def _tier(rng: Random, kind: Kind) -> Tier:
    shares = (20, 60, 20) if kind.client_type is ClientType.WHOLESALE else (76, 15, 9)
    return rng.choices(list(Tier), shares)[0]


def _since(rng: Random, today: date) -> datetime:
    """Return when it became a customer: most did before the two years that orders cover."""
    days = rng.randrange(731, YEARS * 365) if rng.random() < 0.76 else rng.randrange(20, 731)
    return _at(rng, today - timedelta(days=days))


def _at(rng: Random, day: date) -> datetime:
    return datetime.combine(day, time(rng.randrange(14, 21), rng.randrange(60)), UTC)


def _archive_some(rng: Random, customers: list[Customer], today: date) -> None:
    old = [c for c in customers if (today - c.row["created_at"].date()).days > 731]
    for customer in rng.sample(old, ARCHIVED):
        customer.row["archived_at"] = _at(rng, today - timedelta(days=rng.randrange(60, 500)))


def _add_contacts(session: Session, rng: Random, customers: list[Customer]) -> None:
    owners = [c for c in customers for _ in range(rng.choices((1, 2, 3), (45, 38, 17))[0])]
    rows: list[dict[str, Any]] = []
    for before, customer in zip([None, *owners], owners, strict=False):
        rows.append(_contact(rng, customer, is_primary=customer is not before))
    for customer, key in zip(owners, insert_all(session, Contact, rows), strict=True):
        customer.contact_ids.append(key)


def _contact(rng: Random, customer: Customer, *, is_primary: bool) -> dict[str, Any]:
    first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
    short = rng.choice((f"{first[0]}{last}", f"{first}.{last}"))
    return {
        "organization_id": customer.id,
        "name": f"{first} {last}",
        "title": rng.choice(customer.kind.titles),
        "email": f"{short.replace(chr(39), '').lower()}@{_host(customer.row['name'])}",
        "phone": phone(rng, customer.row["phone"][1:4]),
        "is_primary": is_primary,
        "created_at": customer.row["created_at"],
        "version": 1,
    }


def _host(name: str) -> str:
    """Return the domain an organization would have, under the one reserved for examples."""
    for long, short in _SHORTER:
        name = name.replace(long, short)
    return re.sub(r"[^a-z0-9]+", "", name.lower())[:30] + ".example"
