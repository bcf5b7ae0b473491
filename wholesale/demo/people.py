"""Who works at the demo company: the sign-ins, and the salespeople with their territories."""

from decimal import Decimal
from random import Random

from sqlalchemy.orm import Session

from wholesale.accounts.models import SalespersonProfile, User
from wholesale.accounts.passwords import hash_password
from wholesale.demo.bulk import insert_all
from wholesale.demo.lists import listed

PASSWORD = "wholesale-demo"  # noqa: S105 - told to everybody, for development only
HOST = "demo.example"

# Sign-in name, person's name, role.
_STAFF = (
    ("admin", "Avery Brooks", "admin"),
    ("sales", "Jordan Ellis", "sales"),
    ("sales2", "Priya Raman", "sales"),
    ("designer", "Mateo Alvarez", "designer"),
    ("ops", "Dana Whitfield", "ops"),
    ("maker", "Lin Zhou", "manufacturer"),
    ("finance", "Ruth Okafor", "finance"),
)
SIGN_INS = tuple(f"{name}@{HOST}" for name, _, _ in _STAFF)
_MORE_SALESPEOPLE = (
    ("caleb.novak", "Caleb Novak"),
    ("hannah.price", "Hannah Price"),
    ("marcus.bell", "Marcus Bell"),
    ("sofia.reyes", "Sofia Reyes"),
    ("tyler.grant", "Tyler Grant"),
    ("nora.lindqvist", "Nora Lindqvist"),
)
# Territory, monthly quota in dollars and commission rate, in the order of the salespeople.
_PROFILES = (
    ("Northeast", 95_000, "0.1000"),
    ("Mid-Atlantic", 90_000, "0.1000"),
    ("Southeast", 85_000, "0.1000"),
    ("Great Lakes", 110_000, "0.1100"),
    ("Plains", 80_000, "0.1000"),
    ("South Central", 85_000, "0.1000"),
    ("Mountain", 60_000, "0.0900"),
    ("Pacific", 75_000, "0.1000"),
)

FIRST_NAMES = listed(
    "Aaron Abby Alicia Amir Andre Angela Anthony Beth Brandon Brianna Bruce Camila Carlos "
    "Carrie Chris Claire Curtis Darius David Deborah Derek Diana Eduardo Elena Emily Eric Erin "
    "Frank Gina Grace Greg Heather Henry Ivan Jamal James Janelle Jason Jenna Joaquin Joel "
    "Karen Katie Keisha Kevin Kyle Laura Leah Leon Linda Lucas Luis Malik Maria Matt Megan "
    "Miguel Monica Nathan Nicole Omar Pam Patrick Paul Quentin Rachel Raj Rebecca Rick Rosa "
    "Ryan Sam Sarah Scott Shannon Steve Susan Tamika Tara Todd Tom Tricia Vince Wes Yolanda"
)
LAST_NAMES = listed(
    "Abbott Alvarez Anderson Baker Barnes Bauer Bennett Boyd Burke Callahan Carter Castillo Chen "
    "Clark Cole Cooper Cruz Daniels Davis Delgado Diaz Dixon Doyle Duncan Edwards Evans Fischer "
    "Fleming Foster Garcia Gibson Gomez Graham Griffin Gupta Hall Hansen Harper Hayes Hill "
    "Howard Huang Hughes Jackson Jensen Johnson Kelly Kim King Klein Kowalski Larson Lawson Lee "
    "Lopez Maguire Marsh Martin Mendoza Meyer Mitchell Moore Morales Murphy Nelson Nguyen "
    "O'Brien Olson Ortiz Owens Park Patel Perez Peterson Powell Quinn Ramirez Reed Rivera "
    "Robinson Ross Ruiz Russo Sanders Schmidt Schultz Shaw Simmons Singh Snyder Stewart "
    "Sullivan Thomas Torres Turner Vargas Wagner Walker Walsh Ward Weber White Wilson Young"
)


def add_people(session: Session, rng: Random) -> tuple[dict[str, int], int]:
    """Write all users and profiles.

    Returns the salespeople's keys by territory, and the key of the person in operations.
    """
    sellers = [(name, person, "sales") for name, person in _MORE_SALESPEOPLE]
    password_hash = hash_password(PASSWORD)
    rows = [
        {
            "email": f"{name}@{HOST}",
            "name": person,
            "phone": f"(330) 555-01{rng.randrange(10, 100)}",
            "role": role,
            "password_hash": password_hash,
        }
        for name, person, role in (*_STAFF, *sellers)
    ]
    ids = insert_all(session, User, rows)
    sales = [key for key, row in zip(ids, rows, strict=True) if row["role"] == "sales"]
    ops = next(key for key, row in zip(ids, rows, strict=True) if row["role"] == "ops")
    _add_profiles(session, sales)
    return {profile[0]: key for profile, key in zip(_PROFILES, sales, strict=True)}, ops


def _add_profiles(session: Session, sales: list[int]) -> None:
    rows = [
        {
            "user_id": key,
            "territory": territory,
            "monthly_quota": Decimal(quota),
            "commission_rate": Decimal(rate),
        }
        for key, (territory, quota, rate) in zip(sales, _PROFILES, strict=True)
    ]
    insert_all(session, SalespersonProfile, rows)
