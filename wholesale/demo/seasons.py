"""When the demo company's orders come in, and how far each has come by today."""

from bisect import bisect
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from wholesale.orders.workflow import OrderStatus

WINDOW = 730  # days that the orders cover
HOME = ZoneInfo("America/New_York")
GROWTH = 1.2  # the last year against the one before
CANCELLED = 0.03
LATE = 0.05
# Orders per month of the year: school sports order before each season begins.
_MONTHS = (1.05, 1.15, 1.10, 0.85, 0.75, 0.70, 0.95, 1.35, 1.30, 1.20, 1.05, 0.60)
_WEEKDAYS = (1.0, 1.1, 1.1, 1.0, 0.85, 0.12, 0.05)
# The share of an order's time, from placing to delivery, at which it leaves each status.
_LEAVES = (0.06, 0.18, 0.30, 0.40, 0.48, 0.86, 1.12)
_STATUSES = (
    OrderStatus.NEW,
    OrderStatus.WAITING_SIZES,
    OrderStatus.DESIGN_CREATED,
    OrderStatus.SIZES_VALIDATED,
    OrderStatus.INVOICED,
    OrderStatus.PRODUCTION,
    OrderStatus.SHIPPED,
    OrderStatus.COMPLETED,
)


@dataclass(frozen=True)
class Progress:
    """Where an order stands, and when it came there."""

    status: OrderStatus
    since: datetime


def order_times(rng: Random, count: int, today: date) -> list[datetime]:
    """Return when ``count`` orders were placed, in order: office hours, up to yesterday."""
    days = [today - timedelta(days=back) for back in range(WINDOW, 0, -1)]
    weights = [
        _MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()] * GROWTH ** (place / (WINDOW / 2))
        for place, day in enumerate(days)
    ]
    chosen = rng.choices(days, weights, k=count)
    return sorted(_office_hour(rng, day) for day in chosen)


def _office_hour(rng: Random, day: date) -> datetime:
    minutes = min(max(rng.gauss(13.2 * 60, 140), 7.6 * 60), 18.4 * 60)
    start = datetime.combine(day, time(0), HOME)
    return (start + timedelta(minutes=int(minutes), seconds=rng.randrange(60))).astimezone(UTC)


def delivery_day(rng: Random, placed: date, lead_days: int) -> date:
    """Return a working day after the lead time."""
    day = placed + timedelta(days=lead_days + rng.randrange(4, 30))
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def progress(rng: Random, placed: datetime, delivery: date, today: date) -> Progress:
    """Return how far an order has come; a few were cancelled on the way."""
    time_given = max((delivery - placed.date()).days, 1) * rng.uniform(0.85, 1.1)
    if rng.random() < LATE:
        time_given *= 1.3
    age = (today - placed.date()).days
    if age > 3 and rng.random() < CANCELLED:
        return Progress(OrderStatus.CANCELLED, placed + timedelta(days=rng.randrange(1, age)))
    place = bisect(_LEAVES, age / time_given)
    entered = _LEAVES[place - 1] * time_given if place else 0
    since = placed + timedelta(days=min(int(entered), age - 1))
    return Progress(_STATUSES[place], since)


def season(day: date) -> str:
    """Return the sports season that ``day`` lies in: ``Fall 2025``, ``Winter 2025-26``."""
    if day.month in (12, 1, 2):
        first = day.year if day.month == 12 else day.year - 1
        return f"Winter {first}-{(first + 1) % 100:02}"
    name = ("Spring", "Summer", "Fall")[day.month // 3 - 1]
    return f"{name} {day.year}"
