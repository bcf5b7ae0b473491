"""The size grid: a document's lines as one table of colours × sizes per product."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from wholesale.catalog.models import Product
from wholesale.catalog.pricing import Break, next_break
from wholesale.lines.minimums import group, shortfall
from wholesale.lines.models import LineItem


@dataclass(frozen=True)
class Section:
    """One product in a document: its lines are the rows, its sizes the columns."""

    product: Product
    sizes: list[str]
    lines: list[LineItem]

    @property
    def material(self) -> str | None:
        """The material, when all rows share one: then it is said once, over the table."""
        found = {line.variant.material for line in self.lines}
        return found.pop() if len(found) == 1 else None

    @property
    def units(self) -> int:
        """Units of the product."""
        return sum(line.qty_total for line in self.lines)

    @property
    def amount(self) -> Decimal:
        """Money of the product: the sum of the printed lines."""
        return sum((line.line_total for line in self.lines), Decimal(0))

    @property
    def next_break(self) -> Break | None:
        """The next cheaper quantity of the product, for the first row that has one."""
        found = (
            next_break(line.basis, self.units)
            for line in self.lines
            if line.basis is not None and not line.is_price_manual
        )
        return next((step for step in found if step is not None), None)

    @property
    def rules(self) -> str:
        """What the style is sold by: "minimum 12, in sixes"; nothing when by the piece."""
        minimum, multiple = self.product.min_quantity, self.product.order_multiple
        words = [f"minimum {minimum:,}"] if minimum > 1 else []
        return ", ".join([*words, *([f"sold in {group(multiple)}"] if multiple > 1 else [])])

    @property
    def short(self) -> str:
        """How the style's units fall short of its minimum or multiple; empty when they do not."""
        return shortfall(self.units, self.product.min_quantity, self.product.order_multiple)

    def column_units(self, size: str) -> int:
        """Units of one size over all colours."""
        return sum(line.quantity(size) for line in self.lines)

    def column_amount(self, size: str) -> Decimal:
        """Money of one size over all colours, before line discounts."""
        return sum((line.cell_amount(size) for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class Entry:
    """What somebody typed that was not written: texts by field name, and why."""

    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, "CellError"] = field(default_factory=dict)


@dataclass(frozen=True)
class CellError:
    """Why one field was refused; ``theirs`` is what another person has put there meanwhile."""

    field: str
    label: str
    message: str
    typed: str
    theirs: str | None = None


def sections(lines: Iterable[LineItem]) -> list[Section]:
    """Group ``lines`` by product, each at the place of its first line.

    A section's columns are the sizes of any of its lines, in the order of the run, so a
    run that changed between two lines loses no quantity.
    """
    groups: dict[int, list[LineItem]] = {}
    for line in lines:
        groups.setdefault(line.product_id, []).append(line)
    found = []
    for rows in groups.values():
        sizes = dict.fromkeys(size for line in rows for size in line.sizes)
        found.append(Section(rows[0].product, list(sizes), rows))
    return found
