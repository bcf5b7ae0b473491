"""Who plays what: a wrestling club orders no hockey jerseys."""

from functools import cache
from random import Random

from wholesale.customers.models import ClientType
from wholesale.demo.catalog import Style
from wholesale.demo.customers import Customer

# A sport, and the words by which names of customers and styles tell it.
_WORDS = {
    "baseball": ("Baseball", "Softball", "Little League", "Umpire"),
    "basketball": ("Basketball",),
    "football": ("Football",),
    "hockey": ("Hockey",),
    "lacrosse": ("Lacrosse",),
    "rowing": ("Rowing",),
    "running": ("Track", "Running", "Marathon"),
    "soccer": ("Soccer",),
    "volleyball": ("Volleyball",),
    "wrestling": ("Wrestling", "Grappling"),
    "weightlifting": ("Weightlifting", "Fitness"),
    "other": ("Golf", "Pickleball", "Gravel", "Aquatics"),
}
_NO_TEAMS = (ClientType.ENTERPRISE, ClientType.GOVERNMENT, ClientType.TOUR, ClientType.IN_HOUSE)
_TEAM_SHELVES = ("Jerseys", "Singlets", "Shorts & Pants")


@cache
def sport_of(name: str) -> str | None:
    """Return the sport that a customer's or a style's name tells, if any."""
    return next((s for s, words in _WORDS.items() if any(word in name for word in words)), None)


def suits(rng: Random, customer: Customer, style: Style) -> bool:
    """Tell whether ``customer`` would order ``style``; staff wear sometimes is a jersey."""
    wanted, made_for = sport_of(customer.row["name"]), sport_of(style.row["name"])
    if made_for and made_for == wanted:
        return True
    if customer.kind.client_type in _NO_TEAMS:
        return not made_for and (style.shelf not in _TEAM_SHELVES or rng.random() < 0.15)
    return made_for is None or wanted is None
