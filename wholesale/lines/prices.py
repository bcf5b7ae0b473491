"""The prices of a document's lines: kept in step with the quantity, and explained."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from wholesale.catalog import pricing
from wholesale.catalog.pricing import Break, Step
from wholesale.lines.models import LineItem


@dataclass(frozen=True)
class Explanation:
    """Why a line costs what it costs: the unit price's steps, its sizes, the line's money."""

    line: LineItem
    pooled: int
    steps: tuple[Step, ...]
    next_break: Break | None

    @property
    def dearer_sizes(self) -> list[tuple[str, Decimal, Decimal]]:
        """Sizes with an up-charge: size, up-charge, price of one unit."""
        extra = ((size, Decimal(self.line.surcharges.get(size, "0"))) for size in self.line.sizes)
        return [(size, more, self.line.size_price(size)) for size, more in extra if more]

    @property
    def before_discount(self) -> Decimal:
        """The line's money before its discount."""
        return sum((self.line.cell_amount(size) for size in self.line.sizes), Decimal(0))


def reprice(lines: Iterable[LineItem]) -> set[int]:
    """Give ``lines``, all those of some styles, the unit price of their pooled quantity.

    A price set by hand, or one whose basis is unknown, stays. Returns the keys of the lines
    whose price changed.
    """
    styles: dict[int, list[LineItem]] = {}
    for line in lines:
        styles.setdefault(line.product_id, []).append(line)
    changed = set()
    for rows in styles.values():
        pooled = pricing.units(line.quantities for line in rows)
        for line in rows:
            if line.is_price_manual or (basis := line.basis) is None:
                continue
            unit = pricing.price(basis, pooled).unit
            if unit != line.unit_price:
                line.unit_price = unit
                changed.add(line.id)
    return changed


def explain(line: LineItem, style: Sequence[LineItem]) -> Explanation:
    """Return why ``line`` costs what it costs; ``style`` are all lines of its product."""
    pooled = pricing.units(row.quantities for row in style)
    basis = line.basis
    if basis is None:
        steps: tuple[Step, ...] = (Step("As it was entered", line.unit_price),)
        return Explanation(line, pooled, steps, None)
    override = line.unit_price if line.is_price_manual else None
    steps = pricing.price(basis, pooled, override=override).steps
    upcoming = None if line.is_price_manual else pricing.next_break(basis, pooled)
    return Explanation(line, pooled, steps, upcoming)
