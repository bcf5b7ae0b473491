"""Figures in rows, each with a bar and the filters of the list that it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Numbers = Mapping[str, tuple[int, Decimal]]
NOTHING = (0, Decimal(0))


@dataclass(frozen=True)
class Bar:
    """One figure; ``share`` is the bar's length in percent of the longest."""

    label: str
    count: int
    total: Decimal
    filters: Mapping[str, Any]
    share: Decimal = Decimal(0)

    @property
    def args(self) -> dict[str, Any]:
        """The filters as the query string has them."""
        return {name: "y" if value is True else value for name, value in self.filters.items()}


@dataclass(frozen=True)
class Panel:
    """Figures of one kind, all counting the list of ``room``; ``head`` says what a row is."""

    name: str
    title: str
    room: str
    head: str
    bars: Sequence[Bar]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to count."""
        return not any(bar.count for bar in self.bars)


def bars(rows: Sequence[tuple[str, tuple[int, Decimal], Mapping[str, Any]]]) -> list[Bar]:
    """Return the figures (label, numbers, filters), with bars by their money."""
    most = max((numbers[1] for _, numbers, _ in rows), default=Decimal(0)) or Decimal(1)
    return [
        Bar(label, count, total, filters, round(100 * total / most, 1))
        for label, (count, total), filters in rows
    ]
