"""The fixed cast of the tests: people of each role, a customer, and a style with three colours."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from wholesale.accounts.models import SalespersonProfile, User
from wholesale.accounts.passwords import hash_password
from wholesale.catalog.models import APPAREL_RUN, Category, Product, SizeRun, Variant
from wholesale.customers.models import Contact, Organization

PASSWORD = "correct horse battery"
_HASH = hash_password(PASSWORD)
EMAILS = {
    "admin": "admin@house.example",
    "sales": "rep@house.example",
    "sales2": "rival@house.example",
    "designer": "designer@house.example",
    "ops": "ops@house.example",
    "manufacturer": "maker@house.example",
    "finance": "finance@house.example",
}
NAMES = {
    "admin": "Ada Admin",
    "sales": "Rita Rep",
    "sales2": "Rolf Rival",
    "designer": "Dora Designer",
    "ops": "Otto Ops",
    "manufacturer": "Max Maker",
    "finance": "Fay Finance",
}


@dataclass
class Cast:
    """Keys of the records that most tests need."""

    users: dict[str, int]
    organization: int
    other_organization: int
    contact: int
    other_contact: int
    product: int
    variants: dict[str, int]


def add_cast(session: Session) -> Cast:
    """Write the cast, commit, and return its keys."""
    users = {who: _user(who) for who in EMAILS}
    session.add_all(users.values())
    session.flush()
    for who in ("sales", "sales2"):
        session.add(SalespersonProfile(user_id=users[who].id, monthly_quota=Decimal(50_000)))
    rep = users["sales"].id
    wolves = Organization(name="Wolverton Wrestling Club", city="Wolverton", salesperson_id=rep)
    bears = Organization(name="Bärenfels Athletics", city="Bärenfels", salesperson_id=rep)
    session.add_all([wolves, bears])
    session.flush()
    coach = Contact(organization_id=wolves.id, name="Coach Carter", is_primary=True)
    other = Contact(organization_id=bears.id, name="Berta Bär", is_primary=True)
    jersey = add_product(session, "JRS-1", "Home jersey", ["Navy", "Red", "White"])
    session.add_all([coach, other])
    session.commit()
    return Cast(
        users={who: user.id for who, user in users.items()},
        organization=wolves.id,
        other_organization=bears.id,
        contact=coach.id,
        other_contact=other.id,
        product=jersey.id,
        variants={v.colour or "": v.id for v in jersey.variants},
    )


def add_product(
    session: Session, sku: str, name: str, colours: list[str], price: str = "20.00"
) -> Product:
    """Write a product of the apparel run, 2XL and up at a surcharge, one variant per colour."""
    run = session.query(SizeRun).filter_by(name="Apparel").one_or_none()
    run = run or SizeRun(name="Apparel", sizes=list(APPAREL_RUN))
    category = session.query(Category).filter_by(name="Jerseys").one_or_none()
    product = Product(
        sku=sku,
        name=name,
        category=category or Category(name="Jerseys"),
        size_run=run,
        base_price=Decimal(price),
        surcharges={"2XL": "2.00", "3XL": "3.00", "4XL": "4.00"},
        min_quantity=12,
    )
    product.variants = [
        Variant(code=f"{sku}-{colour.upper()}", colour=colour, position=place)
        for place, colour in enumerate(colours)
    ]
    session.add(product)
    session.flush()
    return product


def _user(who: str) -> User:
    role = "sales" if who.startswith("sales") else who
    return User(email=EMAILS[who], name=NAMES[who], role=role, password_hash=_HASH)
