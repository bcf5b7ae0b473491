"""Which backups are kept: the last days, weeks and months, and always the newest."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

PERIODS: dict[str, Callable[[datetime], Any]] = {
    "daily": lambda moment: moment.date(),
    "weekly": lambda moment: moment.isocalendar()[:2],
    "monthly": lambda moment: (moment.year, moment.month),
}


@dataclass(frozen=True)
class Rule:
    """The newest backup of each of so many days, weeks and months; or simply the last ones."""

    daily: int = 7
    weekly: int = 4
    monthly: int = 12
    last: int | None = None


def kept(moments: Iterable[datetime], rule: Rule) -> set[datetime]:
    """Return the moments whose backups the rule keeps; of any, at least the newest."""
    newest_first = sorted(moments, reverse=True)
    stay = set(newest_first[: max(1, rule.last or 0)])
    if rule.last is not None:
        return stay
    for name, period in PERIODS.items():
        seen: dict[Any, datetime] = {}
        for moment in newest_first:
            seen.setdefault(period(moment), moment)
        stay |= set(list(seen.values())[: getattr(rule, name)])
    return stay
