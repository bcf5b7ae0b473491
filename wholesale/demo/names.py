"""What the demo company's customers are called, and who writes for them."""

from dataclasses import dataclass
from random import Random

from wholesale.customers.models import ClientType
from wholesale.demo.lists import listed

_MASCOTS = listed(
    "Badgers Bears Bison Blazers Bobcats Broncos Bulldogs Chargers Cobras Cougars Crusaders "
    "Cyclones Eagles Falcons Gators Grizzlies Hawks Hornets Huskies Jaguars Knights Lancers "
    "Lightning Mavericks Miners Mustangs Otters Panthers Pioneers Raiders Rams Ravens Rockets "
    "Spartans Stallions Storm Thunder Titans Trojans Vikings Wildcats Wolves"
)
_CLUBS = listed(
    "{town} {mascot} Youth Football|{town} Wrestling Club|{town} United Soccer Club|"
    "{town} Lacrosse Club|{town} {mascot} Baseball|{town} Volleyball Academy|"
    "{town} Aquatics|{town} Track Club|{mascot} Wrestling Academy of {town}|"
    "{town} Little League|{town} {mascot} Hockey|{town} Elite Basketball|"
    "{town} Rowing Association|{town} Running Company Racing Team|{town} {mascot} Softball"
)
_SCHOOLS = listed(
    "{town} High School|{town} High School|{town} High School|{town} Central High School|"
    "{town} Regional High School|St. {saint} Preparatory School, {town}|"
    "{town} Catholic High School|{town} Area School District|{town} Charter Academy|"
    "{town} Senior High School"
)
_SAINTS = listed("Anne Brendan Clare Dominic Edmund Gabriel Ignatius Joseph Monica Raphael")
_COLLEGES = listed(
    "{town} College|{town} State University|University of {town}|{town} Community College|"
    "{town} University Athletics|{town} Technical College"
)
_STORES = listed(
    "{town} Sporting Goods|{town} Team Outfitters|{mascot} Pro Shop, {town}|"
    "{town} Athletic Supply|"
    "{town} Sports & Trophy|{family} Team Sports|{family} Brothers Sporting Goods|"
    "{town} Spirit Wear|Campus Corner {town}|{family} & Sons Athletic Outfitters"
)
_TOURS = listed(
    "{town} Junior Golf Tour|{region} Pickleball Tour|{town} Wrestling Duals Series|"
    "{region} Youth Basketball Circuit|{town} Half Marathon|{region} Gravel Series|"
    "{town} Summer Showcase|{region} Disc Golf Tour"
)
_REGIONS = listed(
    "Atlantic Coast|Big Sky|Blue Ridge|Bluegrass|Cascade|Chesapeake|Gulf Coast|Heartland|"
    "High Plains|Hudson Valley|Lake Shore|Ozark|Piedmont|Prairie|Rocky Mountain|Tri-State"
)
_COMPANIES = listed(
    "{town} Brewing Company|{family} Construction|{town} Credit Union|{town} Regional Hospital|"
    "{family} Logistics|{town} Fitness|{family} Heating & Cooling|{town} Mutual Insurance|"
    "{town} Robotics|{family} Family Dental"
)
_OFFICES = listed(
    "{town} Parks & Recreation|{town} Fire Department|{town} Police Athletic League|"
    "City of {town}|{town} County Sheriff's Office|{town} Public Library"
)
_HOUSE = listed(
    "House account: samples|House account: staff wear|House account: trade shows|"
    "House account: photo shoots"
)


@dataclass(frozen=True)
class Kind:
    """One kind of customer: how many, what they are called, and how they buy."""

    client_type: ClientType
    count: int
    patterns: list[str]
    titles: tuple[str, ...]
    # How large an order is compared with a team of about twenty.
    size: float
    tax_exempt: bool = False


KINDS = (
    Kind(
        ClientType.HIGH_SCHOOL,
        142,
        _SCHOOLS,
        (
            "Athletic Director",
            "Head Wrestling Coach",
            "Head Football Coach",
            "Booster Club Treasurer",
        )
        + ("Equipment Manager", "Assistant Athletic Director", "Head Volleyball Coach"),
        1.0,
        tax_exempt=True,
    ),
    Kind(
        ClientType.COLLEGE,
        56,
        _COLLEGES,
        ("Director of Equipment", "Head Coach", "Assistant Coach", "Bookstore Buyer")
        + ("Director of Club Sports", "Purchasing"),
        1.6,
        tax_exempt=True,
    ),
    Kind(
        ClientType.RETAIL,
        104,
        _CLUBS,
        ("Club President", "Head Coach", "Team Manager", "Uniform Coordinator", "Treasurer"),
        0.9,
    ),
    Kind(
        ClientType.WHOLESALE,
        60,
        _STORES,
        ("Owner", "Buyer", "Store Manager", "Team Sales", "Accounts Payable"),
        1.8,
    ),
    Kind(
        ClientType.TOUR,
        24,
        _TOURS,
        ("Tournament Director", "Merchandise Manager", "Event Coordinator"),
        2.6,
    ),
    Kind(
        ClientType.ENTERPRISE,
        32,
        _COMPANIES,
        ("Office Manager", "Marketing Manager", "HR Generalist", "Owner"),
        0.9,
    ),
    Kind(
        ClientType.GOVERNMENT,
        28,
        _OFFICES,
        ("Recreation Supervisor", "Purchasing Agent", "Quartermaster", "Program Coordinator"),
        1.1,
        tax_exempt=True,
    ),
    Kind(ClientType.IN_HOUSE, len(_HOUSE), _HOUSE, ("Coordinator",), 0.5),
)


def customer_name(rng: Random, pattern: str, town: str, family: str) -> str:
    """Fill ``pattern`` with the town, a family, a mascot, a saint or a region."""
    return pattern.format(
        town=town,
        family=family,
        mascot=rng.choice(_MASCOTS),
        saint=rng.choice(_SAINTS),
        region=rng.choice(_REGIONS),
    )
