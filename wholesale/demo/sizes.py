"""How many of each size a team orders: a bell around the size that fits most of its people."""

from collections import Counter
from functools import cache
from math import exp
from random import Random

from wholesale.customers.models import ClientType
from wholesale.demo.catalog import RUNS, Style

EVEN = 0.8
# Middle and width of the bell as places in the run; the first and last place it reaches.
Bell = tuple[float, float, int, int]
YOUTH: Bell = (2.1, 1.0, 0, 5)
TEEN: Bell = (6.3, 1.2, 3, 10)
ADULT: Bell = (7.1, 1.5, 4, 11)
WOMEN: Bell = (5.7, 1.1, 4, 9)
FANS: Bell = (6.6, 2.1, 1, 11)
_OTHER: dict[str, Bell] = {
    "One size": (0, 1, 0, 0),
    "Numeric": (3.4, 1.8, 0, 8),
    "Shoes US": (9.5, 3.4, 0, 18),
}


def bell_for(rng: Random, client_type: ClientType, style: Style) -> Bell:
    """Return the bell of the people who will wear ``style``."""
    if style.run != "Apparel":
        return _OTHER[style.run]
    if style.row["name"].startswith("Women"):
        return WOMEN
    if client_type is ClientType.HIGH_SCHOOL:
        return rng.choices((TEEN, ADULT), (4, 1))[0]
    if client_type is ClientType.RETAIL:
        return rng.choices((YOUTH, TEEN, ADULT), (4, 4, 2))[0]
    if client_type in (ClientType.WHOLESALE, ClientType.TOUR):
        return FANS
    return ADULT


def spread(rng: Random, style: Style, bell: Bell, units: int) -> dict[str, int]:
    """Spread ``units`` over the sizes of ``style``; sizes without any are left out.

    Most of them lie as the bell has it, the rest by chance: no two teams are alike.
    """
    sizes, heights = style.sizes, _heights(style.run, bell)
    counts = Counter({s: int(units * h * EVEN) for s, h in zip(sizes, heights, strict=True)})
    counts.update(rng.choices(sizes, heights, k=units - counts.total()))
    return {size: counts[size] for size in sizes if counts[size]}


@cache
def _heights(run: str, bell: Bell) -> list[float]:
    """Return each size's share; all of them are 1."""
    middle, width, first, last = bell
    heights = [
        exp(-((place - middle) ** 2) / (2 * width**2)) if first <= place <= last else 0.0
        for place in range(len(RUNS[run]))
    ]
    return [height / sum(heights) for height in heights]
