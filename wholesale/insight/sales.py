"""Sales of the last twelve months against the quota, and the geometry of their chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, literal, select

from wholesale.accounts.models import SalespersonProfile, User
from wholesale.insight.bars import NOTHING, Numbers
from wholesale.insight.models import EVERYONE

MONTHS = 12
TOP, BASE, HEIGHT = 22, 172, 212  # of the chart, in pixels; widths are parts of the whole
GAP = 22  # percent of a month's width, between two columns
# Where a scale may end, times a power of ten.
STEPS = [Decimal(step) for step in ("1", "1.2", "1.6", "2", "3", "4", "5", "6", "8", "10")]
SHORT = ((10**9, "B"), (10**6, "M"), (10**3, "k"))


@dataclass(frozen=True)
class Month:
    """What was sold in a month, and where its column stands."""

    first: date
    orders: int
    total: Decimal
    quota: Decimal
    left: Decimal
    top: int

    @property
    def filters(self) -> Mapping[str, Any]:
        """The filters of the list that shows the month's orders."""
        last = _following(self.first) - timedelta(days=1)
        days = {"placed_from": self.first.isoformat(), "placed_to": last.isoformat()}
        return {"sold": "y", **days}

    @property
    def percent(self) -> int | None:
        """How much of the quota it is, rounded down: 100 is reached, not nearly; None without."""
        return int(100 * self.total / self.quota) if self.quota else None

    @property
    def height(self) -> int:
        """The column's height."""
        return BASE - self.top

    @property
    def shows_year(self) -> bool:
        """Whether the year stands under the month: at its beginning, or that of the chart."""
        return self.first.month == 1 or (not self.left and self.first.month != 12)

    @property
    def short(self) -> str:
        """The money in a few characters."""
        return short(self.total)


@dataclass(frozen=True)
class Sales:
    """Twelve months up to the present one, the quota of each, and the lines of the chart."""

    months: Sequence[Month]
    quota: Decimal
    lines: Sequence[tuple[int, str]]
    quota_top: int

    width = round(Decimal(100) / MONTHS, 2)
    column, inset = 100 - GAP, Decimal(GAP) / 2  # in percent of a month's width
    top, base, height = TOP, BASE, HEIGHT

    @property
    def present(self) -> Month:
        """The month that is going on."""
        return self.months[-1]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was sold."""
        return not any(month.orders for month in self.months)


def firsts(today: date) -> list[date]:
    """Return the first days of the twelve months up to that of ``today``, and of the next."""
    found = [_following(today)]
    for _ in range(MONTHS):
        found.insert(0, (found[0] - timedelta(days=1)).replace(day=1))
    return found


def quota(person: int) -> Any:
    """Select the quota of a month: the person's, or that of all who are active."""
    query: Any = select(literal("").label("what"), func.count(), func.sum(_QUOTA)).join(User)
    if person == EVERYONE:
        return query.where(User.is_active)
    return query.where(User.id == person)


def sales(today: date, found: Numbers, quota: Decimal) -> Sales:
    """Return the months from the numbers found, by their first days, beside ``quota``."""
    days = firsts(today)[:-1]
    numbers = [found.get(day.isoformat(), NOTHING) for day in days]
    scale = _scale(max(quota, *(total for _, total in numbers)))
    months = [
        Month(first, orders, total, quota, _left(place), _top(total, scale))
        for place, (first, (orders, total)) in enumerate(zip(days, numbers, strict=True))
    ]
    lines = [(_top(part, scale), short(part)) for part in (Decimal(0), scale / 2, scale)]
    return Sales(months, quota, lines, _top(quota, scale))


def short(value: Decimal) -> str:
    """Return an amount in a few characters, ``1.2M``, for where there is no room."""
    for size, unit in SHORT:
        if value >= size * Decimal("0.9995"):
            parts = value / size
            return f"{parts:.1f}".removesuffix(".0") + unit if parts < 100 else f"{parts:.0f}{unit}"
    return f"{value:.0f}"


_QUOTA = SalespersonProfile.monthly_quota


def _following(day: date) -> date:
    """Return the first day of the month after that of ``day``."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _scale(most: Decimal) -> Decimal:
    """Return a round amount, not below ``most``."""
    if most <= 0:
        return Decimal(1)
    power = Decimal(10) ** most.adjusted()
    return next(step * power for step in STEPS if step * power >= most)


def _top(value: Decimal, scale: Decimal) -> int:
    """Return how far from the top an amount lies; no sale is too small to be seen."""
    return BASE - max(round((BASE - TOP) * value / scale), 2 if value else 0)


def _left(place: int) -> Decimal:
    return round(Decimal(100) / MONTHS * place, 2)
