"""Fills an empty database with the demo company, the same one for the same day."""

from dataclasses import dataclass
from datetime import date
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from wholesale.accounts.models import User
from wholesale.core.errors import DomainError
from wholesale.demo.activities import add_activities
from wholesale.demo.catalog import add_catalog
from wholesale.demo.customers import add_customers
from wholesale.demo.leads import add_leads
from wholesale.demo.orders import Staff, add_orders
from wholesale.demo.people import add_people
from wholesale.demo.prices import add_price_lists
from wholesale.demo.quotes import add_quotes

SEED = 1896
SEED_OF_QUOTES = 1898
SEED_OF_LEADS = 1897  # a sequence of their own: what came before them stays as it was


@dataclass(frozen=True)
class Summary:
    """How much was written."""

    salespeople: int
    organizations: int
    products: int
    orders: int
    price_lists: int
    leads: int
    activities: int
    quotes: int

    def __str__(self) -> str:
        return (
            f"{self.salespeople} salespeople, {self.organizations:,} customers,"
            f" {self.products} products, {self.orders:,} orders, {self.price_lists} price lists,"
            f" {self.leads} leads, {self.activities} timeline entries, {self.quotes} quotes"
        )


def is_empty(session: Session) -> bool:
    """Tell whether nobody can sign in yet: only then may the demo company move in."""
    return not session.scalar(select(exists().where(User.id.is_not(None))))


def load_demo(session: Session, today: date) -> Summary:
    """Write the demo company as it stands on ``today``; the caller commits.

    Needs the roles (``flask permissions seed``). Raises DomainError unless the database is
    empty: nobody's data gets demo data among it.
    """
    if not is_empty(session):
        raise DomainError("The demo company moves into an empty database only.")
    rng = Random(SEED)  # noqa: S311 - the same company each time, no secret
    sellers, ops = add_people(session, rng)
    styles = add_catalog(session, rng, today)
    customers = add_customers(session, rng, sellers, today)
    staff = Staff(list(sellers.values()), ops)
    orders = add_orders(session, rng, customers, styles, staff, today)
    lists = add_price_lists(session, rng, customers, styles, today)
    rng = Random(SEED_OF_LEADS)  # noqa: S311
    leads = add_leads(session, rng, customers, sellers, today)
    entries = add_activities(session, rng, leads, customers, today)
    quotes = add_quotes(session, Random(SEED_OF_QUOTES), leads, today)  # noqa: S311
    made = (len(sellers), len(customers), len(styles), orders, lists, len(leads), entries)
    return Summary(*made, quotes)
