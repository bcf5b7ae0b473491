"""The price engine: from list price to the money of a line, each step explained. Pure: no I/O."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from wholesale.core.money import cents

ZERO = Decimal("0.00")
Quantities = Mapping[str, int]  # size → units
Surcharges = Mapping[str, str]  # size → amount, as text


@dataclass(frozen=True)
class Break:
    """A price from a quantity on."""

    min_quantity: int
    price: Decimal


@dataclass(frozen=True)
class Offer:
    """What one price list says of one variant: prices, or so much off the list price."""

    source: str
    percent_off: Decimal = ZERO
    breaks: tuple[Break, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether the list has anything to say of the variant."""
        return bool(self.breaks) or self.percent_off > 0


@dataclass(frozen=True)
class Step:
    """One step of an explanation: what was applied, and the price after it."""

    label: str
    price: Decimal


@dataclass(frozen=True)
class Basis:
    """All that a price depends on besides the quantity: copied when a line is made.

    ``start`` is the price below every break; ``breaks`` rise in quantity and never in price.
    """

    list_price: Decimal
    list_label: str
    start: Decimal
    source: str = ""
    start_label: str = ""
    breaks: tuple[Break, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the basis as a line keeps it."""
        return {
            "list_price": str(self.list_price),
            "list_label": self.list_label,
            "start": str(self.start),
            "source": self.source,
            "start_label": self.start_label,
            "breaks": [[b.min_quantity, str(b.price)] for b in self.breaks],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return the basis that ``as_json`` made."""
        breaks = tuple(Break(int(number), Decimal(price)) for number, price in kept["breaks"])
        list_price, start = Decimal(kept["list_price"]), Decimal(kept["start"])
        labels = (kept["source"], kept["start_label"])
        return cls(list_price, kept["list_label"], start, *labels, breaks)


@dataclass(frozen=True)
class Price:
    """A unit price, rounded to the cent, and the steps that led to it."""

    unit: Decimal
    steps: tuple[Step, ...]


def basis(list_price: Decimal, list_label: str, offers: Sequence[Offer]) -> Basis:
    """Return the basis that ``offers``, the most special first, make of a list price.

    The first offer that says something of the variant counts alone. Its price from one unit
    on takes the place of the list price; breaks can only lower what is paid below them, so
    that a larger quantity never costs more a unit.
    """
    offer = next((offer for offer in offers if offer.says_something), None)
    if offer is None:
        return Basis(list_price, list_label, list_price)
    start, label = list_price, ""
    if offer.percent_off:
        start = list_price * (100 - offer.percent_off) / 100
        label = f"{_plain(offer.percent_off)} % off"
    rising = sorted(offer.breaks, key=lambda b: b.min_quantity)
    if rising and rising[0].min_quantity == 1:
        start, label = rising.pop(0).price, "its price"
    kept: list[Break] = []
    for step in rising:
        if step.price < (kept[-1].price if kept else start):
            kept.append(step)
    return Basis(list_price, list_label, start, offer.source, label, tuple(kept))


def price(of: Basis, pooled: int, *, override: Decimal | None = None) -> Price:
    """Return the unit price at ``pooled`` units of the style, over all its sizes and colours.

    ``override`` is a price set by hand, which nothing overwrites. The result is rounded half
    up to the cent at the end (``domain.md``, Money) and never negative.
    """
    steps = [Step(f"List price of {of.list_label}", of.list_price)]
    found = of.start
    if of.start_label:
        steps.append(Step(f"Price list {of.source}: {of.start_label}", found))
    reached = [step for step in of.breaks if step.min_quantity <= pooled]
    if reached:
        found = reached[-1].price
        words = f"from {reached[-1].min_quantity:,} units ({pooled:,} of the style)"
        steps.append(Step(f"Price list {of.source}: {words}", found))
    if override is not None:
        found = override
        steps.append(Step("Set by hand", found))
    unit = cents(found)
    if unit != found:
        steps.append(Step("Rounded to the cent", unit))
    return Price(unit, tuple(steps))


def next_break(of: Basis, pooled: int) -> Break | None:
    """Return the next cheaper quantity above ``pooled`` units, or None."""
    return next((step for step in of.breaks if step.min_quantity > pooled), None)


def units(quantities: Iterable[Quantities]) -> int:
    """Return the units over all lines given: what breaks are pooled over."""
    return sum(sum(cells.values()) for cells in quantities)


def size_price(unit: Decimal, size: str, surcharges: Surcharges) -> Decimal:
    """Return what one unit in ``size`` costs: unit price and up-charge."""
    return unit + Decimal(surcharges.get(size, "0"))


def line_total(
    quantities: Quantities, surcharges: Surcharges, unit: Decimal, discount_percent: Decimal
) -> Decimal:
    """Return a line's money as printed: over its sizes, less the discount, half up to the cent.

    The database computes the same (``line_amount``); a document's total is their sum.
    """
    money = sum(
        (count * size_price(unit, size, surcharges) for size, count in quantities.items()), ZERO
    )
    return cents(money * (100 - discount_percent) / 100)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def rising(quantity: int, amount: Decimal, ladder: Iterable[tuple[int, Decimal]]) -> str:
    """Say where on a ladder of quantities and prices a larger one would cost more; “” nowhere."""
    for other, price_there in ladder:
        if (other < quantity and price_there < amount) or (
            other > quantity and price_there > amount
        ):
            words = f"from {other:,} units it is {price_there:,.2f}."
            return f"A larger quantity cannot cost more: {words}"
    return ""
