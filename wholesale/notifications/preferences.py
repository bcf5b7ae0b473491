"""How a person wants to be told: which ways, one mail a day, and quiet hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from wholesale.accounts.models import User

APP, MAIL = "app", "mail"


@dataclass(frozen=True)
class Preferences:
    """A person's choices, by the clock of their own zone."""

    ways: Mapping[str, list[str]]
    zone: ZoneInfo
    digest: time | None = None
    quiet: tuple[time, time] | None = None

    def by(self, kind: str, way: str) -> bool:
        """Tell whether the person wants to be told of ``kind`` by ``way``; yes unless said."""
        return way in self.ways.get(kind, [APP, MAIL])

    def earliest(self, moment: datetime) -> datetime | None:
        """Return when a mail of ``moment`` may go: the end of quiet hours, or None for at once."""
        if self.quiet is None:
            return None
        local, (start, end) = moment.astimezone(self.zone), self.quiet
        at = local.time()
        inside = start <= at < end if start < end else at >= start or at < end
        if not inside:
            return None
        day = local.date() + timedelta(days=1 if at >= end else 0)
        return datetime.combine(day, end, self.zone)

    def digest_since(self, moment: datetime) -> datetime | None:
        """Return up to when the latest digest due at ``moment`` reaches; None without digests."""
        if self.digest is None:
            return None
        local = moment.astimezone(self.zone)
        due = datetime.combine(local.date(), self.digest, self.zone)
        return due if due <= moment else due - timedelta(days=1)


def preferences_of(person: User) -> Preferences:
    """Return the choices of ``person``; what cannot be read counts as not chosen."""
    known = person.preferences
    try:
        zone = ZoneInfo(person.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    start, end = _time(known.get("quiet_from")), _time(known.get("quiet_until"))
    return Preferences(
        ways=known.get("notifications", {}),
        zone=zone,
        digest=_time(known.get("digest")),
        quiet=(start, end) if start is not None and end is not None and start != end else None,
    )


def _time(text: Any) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except (ValueError, TypeError):
        return None
