"""What a customer orders: styles of the season in its colours, sizes in a bell."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import Any

from wholesale.customers.models import ClientType, Tier
from wholesale.demo.catalog import Style
from wholesale.demo.customers import Customer
from wholesale.demo.sizes import bell_for, spread
from wholesale.demo.sports import suits
from wholesale.demo.texts import LINE_NOTES

TEAM = 21
_MANY_COLOURS = (ClientType.WHOLESALE, ClientType.TOUR)
# How often each shelf leads an order placed in winter, spring, summer and autumn.
_SEASONS = {
    "Jerseys": (14, 18, 26, 12),
    "Singlets": (12, 5, 8, 24),
    "Tees": (12, 22, 20, 10),
    "Hoodies": (16, 8, 10, 20),
    "Fleece": (12, 5, 6, 14),
    "Outerwear": (10, 5, 7, 12),
    "Shorts & Pants": (8, 14, 12, 7),
    "Polos": (5, 11, 10, 5),
    "Headwear": (7, 9, 7, 9),
    "Bags & Accessories": (5, 6, 7, 7),
    "Footwear": (2, 3, 3, 2),
}
_DISCOUNTS = {
    Tier.STANDARD: ("0",) * 14 + ("5",),
    Tier.WHOLESALE: ("0", "5", "5", "10"),
    Tier.VIP: ("0", "10", "10", "12.5", "15"),
}


@dataclass(frozen=True)
class Basket:
    """An order's lines, without the order, and the style that leads it."""

    lead: Style
    lead_days: int
    lines: list[dict[str, Any]]

    @property
    def units(self) -> int:
        """Units of all lines."""
        return sum(sum(line["quantities"].values()) for line in self.lines)


class Chooser:
    """Draws styles by season and popularity."""

    def __init__(self, styles: list[Style]) -> None:
        self._styles = styles
        self._weights = [
            list(accumulate(style.weight * _SEASONS[style.shelf][place] for style in styles))
            for place in range(4)
        ]

    def draw(self, rng: Random, customer: Customer, day: date, count: int) -> list[Style]:
        """Return up to ``count`` different styles that were sold on ``day``, at least one."""
        weights = self._weights[day.month % 12 // 3]
        chosen: dict[str, Style] = {}
        while not chosen:
            for style in rng.choices(self._styles, cum_weights=weights, k=count):
                if style.sold_on(day) and suits(rng, customer, style):
                    chosen[style.row["sku"]] = style
        return list(chosen.values())


def basket(rng: Random, chooser: Chooser, customer: Customer, day: date) -> Basket:
    """Return what ``customer`` ordered on ``day``."""
    styles = chooser.draw(rng, customer, day, rng.choices((1, 2, 3, 4), (40, 35, 17, 8))[0])
    team = max(rng.lognormvariate(0, 0.45) * TEAM * customer.kind.size, 6)
    discount = _discount(rng, customer)
    lines: list[dict[str, Any]] = []
    for style in styles:
        lines += _lines(rng, customer, style, day, team)
    for position, line in enumerate(lines, 1):
        line |= {"position": position, "discount_percent": discount}
    return Basket(styles[0], max(s.row["lead_time_days"] for s in styles), lines)


def _discount(rng: Random, customer: Customer) -> Decimal:
    return Decimal(rng.choice(_DISCOUNTS[customer.tier]))


def _lines(
    rng: Random, customer: Customer, style: Style, day: date, team: float
) -> list[dict[str, Any]]:
    variants = _variants(rng, customer, style, day)
    units = max(round(team * rng.uniform(0.8, 1.3)), style.row["min_quantity"])
    bell = bell_for(rng, customer.kind.client_type, style)
    shares = [rng.uniform(0.6, 1.4) for _ in variants]
    notes = rng.choice(LINE_NOTES) if rng.random() < 0.08 else ""
    counts = [round(units * share / sum(shares)) for share in shares]
    counts[0] += units - sum(counts)
    return [
        _line(style, variant, spread(rng, style, bell, count), notes)
        for variant, count in zip(variants, counts, strict=True)
    ]


def _variants(rng: Random, customer: Customer, style: Style, day: date) -> list[dict[str, Any]]:
    """Return the customer's own colours where the style comes in them, else neutral ones."""
    sold = style.sold_on(day)
    own = [v for v in sold if v["colour"] in customer.colours]
    rest = [v for v in sold if v not in own]
    if customer.kind.client_type in _MANY_COLOURS:
        count = rng.choices((2, 3, 4, 5), (3, 4, 2, 1))[0]
    else:
        count = rng.choices((1, 2, 3), (56, 36, 8))[0]
    chosen = (own + rng.sample(rest, len(rest)))[:count]
    return sorted(chosen, key=lambda variant: variant["position"])


def _line(
    style: Style, variant: dict[str, Any], quantities: dict[str, int], notes: str
) -> dict[str, Any]:
    """Return a line with what it copies from the catalog, as ``lines.carrying.snapshot`` does."""
    price = variant["price"]
    return {
        "variant_id": variant["id"],
        "product_id": style.id,
        "sizes": style.sizes,
        "surcharges": style.surcharges,
        "unit_price": style.row["base_price"] if price is None else price,
        "quantities": quantities,
        "notes": notes,
    }
