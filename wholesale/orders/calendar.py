"""The calendar: a month's weeks from Monday, with the orders wanted on each day."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from wholesale.orders.models import NO_DAY, Order
from wholesale.orders.queries import LISTING
from wholesale.web.groups import Sum, firsts, sums

SHOWN = 4
COUNTED = 100  # orders of one day
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 1)  # months that can be asked for
_WEEKS = calendar.Calendar(firstweekday=calendar.MONDAY)
_BY_DAY = next(sort for sort in LISTING.sorts if sort.column is Order.delivery_rank)


@dataclass(frozen=True)
class Day:
    """One day: how many orders are wanted, and the first of them."""

    day: date
    sum: Sum
    orders: Sequence[Order]

    @property
    def more(self) -> int:
        """How many orders there are besides those shown, as far as they were counted."""
        return self.sum.count - len(self.orders)


@dataclass(frozen=True)
class Month:
    """A month in weeks of seven places, empty where a day is another month's."""

    first: date
    weeks: Sequence[Sequence[Day | None]]
    undated: Sum

    @property
    def last(self) -> date:
        """The month's last day."""
        return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])

    @property
    def previous(self) -> date | None:
        """The month before, where one can ask for it."""
        before = self.first - timedelta(days=1)
        return before.replace(day=1) if self.first > FIRST else None

    @property
    def next(self) -> date | None:
        """The month after, where one can ask for it."""
        return self.last + timedelta(days=1) if self.first < LAST else None

    @property
    def is_empty(self) -> bool:
        """Whether no order is wanted in this month."""
        return not any(day.orders for week in self.weeks for day in week if day)


def month(session: Session, query: Select[Any], first: date) -> Month:
    """Return the month that begins with ``first``, in two statements."""
    weeks = _WEEKS.monthdatescalendar(first.year, first.month)
    days = [day for week in weeks for day in week if day.month == first.month]
    load = (Order.organization,)
    orders = firsts(session, query, Order.delivery_rank, days, _BY_DAY, SHOWN, load)
    groups = [*days, NO_DAY]
    found = sums(session, query, Order.delivery_rank, groups, Order.total, _BY_DAY, COUNTED)
    of_day = {
        day: Day(day, found[day], [one for one in orders if one.requested_delivery == day])
        for day in days
    }
    return Month(first, [[of_day.get(day) for day in week] for week in weeks], found[NO_DAY])
