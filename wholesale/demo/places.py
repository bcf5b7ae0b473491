"""Where the demo company's customers are: towns that sound real in states that are."""

from dataclasses import dataclass
from random import Random

from wholesale.demo.lists import listed

# Territory → states with the beginning of their ZIP codes and an area code.
STATES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Northeast": (("NY", "130", "315"), ("MA", "015", "508"), ("CT", "064", "203")),
    "Mid-Atlantic": (("PA", "178", "570"), ("NJ", "088", "908"), ("MD", "217", "301")),
    "Southeast": (("NC", "273", "336"), ("GA", "305", "706"), ("FL", "327", "386")),
    "Great Lakes": (("OH", "446", "330"), ("MI", "493", "616"), ("IN", "465", "574")),
    "Plains": (("IA", "503", "515"), ("MN", "560", "507"), ("WI", "541", "920")),
    "South Central": (("TX", "766", "254"), ("OK", "740", "918"), ("MO", "652", "573")),
    "Mountain": (("CO", "806", "970"), ("UT", "846", "801"), ("ID", "836", "208")),
    "Pacific": (("CA", "953", "209"), ("OR", "973", "541"), ("WA", "988", "509")),
}
TERRITORIES = tuple(STATES)

_FIRST = listed(
    "Alder Ash Beaver Birch Black Bridge Cedar Clear Cold Copper Deer Eagle East Elm Fair Fern "
    "Fox Glen Granite Green Hart Haw Hazel Hunts Iron Kings Lake Laurel Lin Maple Marsh Mill "
    "North Oak Pine Quail Ridge River Rock Rose Sand Silver South Spring Stone Summer Sun Thorn "
    "Timber Walnut West White Wild Willow Win Wood"
)
_LAST = listed(
    "bridge brook burg bury crest dale field ford gate grove haven hurst land mont point port "
    "ridge side ton vale view ville wood"
)
_AWKWARD = ("Ridgeridge", "Bridgebridge", "Blackbury", "Sunside", "Winwick", "Landland")
_STREETS = listed(
    "Main St|Church St|Park Ave|College Ave|Academy Rd|Stadium Dr|Industrial Pkwy|Commerce Dr|"
    "Washington St|Lincoln Ave|Mill Rd|River Rd|Old Post Rd|Union St|Franklin St|Chestnut St|"
    "Fieldhouse Dr|Victory Ln|Center St|Prospect Ave|Highland Ave|County Rd 12|State Route 9"
)


@dataclass(frozen=True)
class Place:
    """A town with a street in it."""

    territory: str
    city: str
    region: str
    postal_code: str
    street: str
    area_code: str


def towns(rng: Random, count: int) -> list[str]:
    """Return ``count`` different names of towns."""
    names = [f"{first}{last}" for first in _FIRST for last in _LAST if _reads_well(first, last)]
    return rng.sample(names, count)


def place(rng: Random, town: str) -> Place:
    """Put ``town`` into a state, with a street."""
    territory = rng.choice(TERRITORIES)
    region, zip_start, area_code = rng.choice(STATES[territory])
    return Place(
        territory=territory,
        city=town,
        region=region,
        postal_code=f"{zip_start}{rng.randrange(1, 99):02}",
        street=f"{rng.randrange(10, 4990)} {rng.choice(_STREETS)}",
        area_code=area_code,
    )


def phone(rng: Random, area_code: str) -> str:
    """Return a number of the range that is reserved for fiction."""
    return f"({area_code}) 555-01{rng.randrange(100):02}"


def _reads_well(first: str, last: str) -> bool:
    doubled = first.lower().endswith(last[0]) or first.lower() == last
    return not doubled and f"{first}{last}" not in _AWKWARD
