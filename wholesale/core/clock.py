"""The clock: UTC in code and database, the person's own zone on screen."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str = "UTC") -> date:
    """Return the calendar day in ``zone`` (an IANA name)."""
    return datetime.now(ZoneInfo(zone)).date()
