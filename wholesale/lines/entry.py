"""Reads what was typed into the size grid: names, quantities, prices, discounts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from wholesale.core.money import parse_amount

LARGEST_QUANTITY = 99_999
LARGEST_PRICE = Decimal("999999.99")
WHOLE = re.compile(r"[0-9]{1,9}|[1-9][0-9]{0,2}(,[0-9]{3})+")
QUANTITY, PRICE, DISCOUNT = "q", "price", "discount"
WAS = "was."


@dataclass(frozen=True)
class CellEdit:
    """One field of the grid as it was sent: ``q.12.XL``, ``price.12`` or ``discount.12``.

    ``was`` is the text the field held when the person began to type, if the page sent it.
    """

    name: str
    kind: str
    line_id: int
    size: str
    typed: str
    was: str | None

    @property
    def takes_list_price(self) -> bool:
        """Whether the price was emptied: the price engine sets it again."""
        return self.kind == PRICE and not self.typed.strip()

    def value(self) -> int | Decimal:
        """Return what was typed as a number. Raises ValueError with a sentence."""
        if self.kind == QUANTITY:
            return parse_quantity(self.typed)
        if self.kind == PRICE:
            return parse_amount(self.typed, limit=LARGEST_PRICE)
        return parse_amount(self.typed or "0", limit=Decimal(100))


def parse_quantity(text: str) -> int:
    """Read units as typed; an empty cell is zero. Raises ValueError with a sentence."""
    cleaned = text.strip()
    if not cleaned:
        return 0
    try:
        units = parse_whole(cleaned)
    except ValueError:
        raise ValueError(f"Enter whole units from 0 to {LARGEST_QUANTITY:,}.") from None
    if units > LARGEST_QUANTITY:
        raise ValueError(f"A cell holds {LARGEST_QUANTITY:,} units at most.")
    return units


def parse_whole(text: str) -> int:
    """Read a whole number, with or without commas between thousands. Raises ValueError."""
    cleaned = text.strip()
    if not WHOLE.fullmatch(cleaned):
        raise ValueError("Enter a whole number.")
    return int(cleaned.replace(",", ""))


def read_edits(fields: Mapping[str, str]) -> list[CellEdit]:
    """Return the grid fields among ``fields``; others, and names that do not fit, are left."""
    edits = []
    for name, typed in fields.items():
        kind, _, rest = name.partition(".")
        number, _, size = rest.partition(".")
        if kind not in (QUANTITY, PRICE, DISCOUNT) or not _is_key(number):
            continue
        was = fields.get(WAS + name)
        edits.append(CellEdit(name, kind, int(number), size, typed, was))
    return edits


def _is_key(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) <= 10 and 0 < int(number) < 2**31
