"""What this process has answered: how many requests of which status, and how fast."""

import time
from collections import Counter, deque
from dataclasses import dataclass, field

RECENT = 2000  # requests that the quantiles are of
QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


@dataclass
class Vitals:
    """Counts since the start of the process; its threads may count at once."""

    started: float = field(default_factory=time.time)
    counts: Counter[str] = field(default_factory=Counter)
    times: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT))

    def note(self, status: int, milliseconds: float) -> None:
        """Count one answer."""
        self.counts[f"{status // 100}xx"] += 1
        self.times.append(milliseconds)

    @property
    def uptime(self) -> float:
        """Seconds since the start."""
        return time.time() - self.started

    def quantiles(self) -> dict[str, float]:
        """Return the milliseconds within which half, 95 % and 99 % were answered lately."""
        known = sorted(self.times)
        if not known:
            return dict.fromkeys(QUANTILES, 0.0)
        return {
            name: round(known[min(int(len(known) * part), len(known) - 1)], 1)
            for name, part in QUANTILES.items()
        }


VITALS = Vitals()
