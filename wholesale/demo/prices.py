"""The demo company's price lists: quantity prices per tier, and a few customers' own."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from wholesale.catalog.models import PriceEntry, PriceList
from wholesale.core.money import cents
from wholesale.customers.models import Tier
from wholesale.demo.bulk import insert_all
from wholesale.demo.catalog import Style
from wholesale.demo.customers import Customer

OWN_LISTS = 6
# From so many units of a style, so much off the list price.
_BREAKS = {
    Tier.STANDARD: ((48, 4), (144, 8), (288, 12)),
    Tier.WHOLESALE: ((24, 5), (72, 9), (144, 13), (288, 17)),
    Tier.VIP: ((12, 6), (48, 11), (144, 16), (288, 20)),
}


def add_price_lists(
    session: Session, rng: Random, customers: list[Customer], styles: list[Style], today: date
) -> int:
    """Write the price lists with their prices and return how many lists that were."""
    sold = [style for style in styles if not style.row["archived_at"]]
    new_year = date(today.year, 1, 1)
    lists = [_list(f"{t.label} prices {today.year}", tier=t.value, since=new_year) for t in Tier]
    last = _list(f"VIP prices {today.year - 1}", tier=Tier.VIP.value, since=None)
    lists.append(last | {"valid_to": new_year - timedelta(days=1)})
    coming = _list(f"Spring preview {today.year + 1}", tier=Tier.STANDARD.value, since=None)
    lists.append(coming | {"valid_from": date(today.year + 1, 2, 1), "percent_off": Decimal(5)})
    own = rng.sample([c for c in customers if not c.row["archived_at"]], OWN_LISTS)
    lists += [_own_list(rng, customer, new_year) for customer in own]
    keys = insert_all(session, PriceList, lists)
    entries = [
        _entry(key, style, quantity, percent)
        for key, tier in zip(keys, Tier, strict=False)
        for style in sold
        for quantity, percent in _BREAKS[tier]
    ]
    for key in keys[-OWN_LISTS:]:
        chosen = rng.sample(sold, 3)
        entries += [_entry(key, style, 1, rng.randrange(8, 19)) for style in chosen]
    insert_all(session, PriceEntry, entries)
    return len(keys)


def _list(
    name: str, *, since: date | None, tier: str | None = None, organization_id: int | None = None
) -> dict[str, Any]:
    return {
        "name": name,
        "tier": tier,
        "organization_id": organization_id,
        "percent_off": Decimal(0),
        "valid_from": since,
        "valid_to": None,
        "version": 1,
    }


def _own_list(rng: Random, customer: Customer, since: date) -> dict[str, Any]:
    row = _list(f"{customer.row['name']} agreement", since=since, organization_id=customer.id)
    return row | {"percent_off": Decimal(rng.choice((0, 5, 8)))}


def _entry(price_list: int, style: Style, quantity: int, percent: int) -> dict[str, Any]:
    price = cents(style.row["base_price"] * (100 - percent) / 100)
    return {
        "price_list_id": price_list,
        "product_id": style.id,
        "min_quantity": quantity,
        "price": price,
    }
