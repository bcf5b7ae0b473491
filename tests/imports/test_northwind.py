"""The Northwind sample company: an excerpt always, the whole of it where the data is at hand."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wholesale.accounts.models import SalespersonProfile, User
from wholesale.catalog.models import Product
from wholesale.config import ROOT
from wholesale.customers.models import Organization
from wholesale.imports.northwind import load_northwind
from wholesale.orders.models import Order, OrderLine

EXCERPT = Path(__file__).parent / "northwind"
WHOLE = ROOT.parent / "shared" / "data" / "northwind"


def order(session: Session, code: str) -> Order:
    return session.scalars(select(Order).where(Order.code == code)).one()


@pytest.fixture
def excerpt(session: Session) -> Session:
    """A session that has loaded the excerpt."""
    load_northwind(session, EXCERPT)
    return session


def test_an_order_keeps_its_number_day_customer_and_seller(excerpt: Session):
    first = order(excerpt, "NW-10248")
    assert first.placed_at == datetime(1996, 7, 4, 12, tzinfo=UTC)
    assert first.requested_delivery == date(1996, 8, 1)
    assert first.organization.name == "Vins et alcools Chevalier"
    assert first.contact.name == "Paul Henriot"
    assert first.salesperson.name == "Steven Buchanan"
    assert first.freight == Decimal("32.38")
    assert first.shipping_address == (
        "Vins et alcools Chevalier\n59 rue de l'Abbaye\nReims 51100\nFrance"
    )


def test_shipped_orders_are_completed_and_the_others_in_production(excerpt: Session):
    assert order(excerpt, "NW-10248").status == "completed"
    assert order(excerpt, "NW-10248").notes == "Shipped on 1996-07-16"
    assert order(excerpt, "NW-11077").status == "production"
    assert order(excerpt, "NW-11077").notes == ""


def test_lines_have_clean_prices_and_discounts(excerpt: Session):
    lines = order(excerpt, "NW-10250").lines
    assert [
        (line.product.sku, line.unit_price, line.quantities, line.discount_percent, line.line_total)
        for line in lines
    ] == [
        ("NW-041", Decimal("7.70"), {"One size": 10}, Decimal("0.00"), Decimal("77.00")),
        ("NW-051", Decimal("42.40"), {"One size": 35}, Decimal("15.00"), Decimal("1261.40")),
        ("NW-065", Decimal("16.80"), {"One size": 15}, Decimal("15.00"), Decimal("214.20")),
    ]
    assert [line.position for line in lines] == [1, 2, 3]
    assert lines[0].sizes == ["One size"]


def test_an_orders_totals_are_the_sums_of_its_lines(excerpt: Session):
    found = order(excerpt, "NW-10250")
    assert found.units == 60
    assert found.subtotal == Decimal("1552.60")
    assert found.total == Decimal("1552.60") + Decimal("65.83")


def test_the_excerpts_sum_is_right(session: Session):
    assert load_northwind(session, EXCERPT).subtotal == Decimal("18976.50")


def test_discontinued_products_are_archived(excerpt: Session):
    archived = excerpt.scalars(select(Product.name).where(Product.archived_at.is_not(None)))
    assert sorted(archived) == [
        "Chai",
        "Chang",
        "Rössle Sauerkraut",
        "Singaporean Hokkien Fried Mee",
    ]


def test_salespeople_cannot_sign_in_until_they_are_invited(excerpt: Session):
    nancy = excerpt.scalars(select(User).where(User.reference == "NW-1")).one()
    assert (nancy.email, nancy.role) == ("nancy.davolio@northwind.example", "sales")
    assert nancy.password_hash is None
    assert nancy.profile is not None


def test_loading_again_changes_nothing_even_what_was_done_meanwhile(excerpt: Session):
    order(excerpt, "NW-11077").status = "shipped"
    excerpt.flush()
    assert not load_northwind(excerpt, EXCERPT).changed
    excerpt.expire_all()
    assert order(excerpt, "NW-11077").status == "shipped"


@pytest.mark.skipif(not WHOLE.is_dir(), reason="the Northwind files are not beside the checkout")
def test_the_whole_of_northwind_adds_up(session: Session):
    report = load_northwind(session, WHOLE)
    created = {counts.record: counts.created for counts in report.counts}
    assert created["orders"] == 830
    assert created["order_lines"] == 2155
    assert (created["organizations"], created["products"], created["salespeople"]) == (91, 77, 9)
    # The lines are rounded one by one: 25 cents over the sum of the unrounded ones.
    assert report.expected_subtotal == Decimal("1265793.04")
    assert report.subtotal == Decimal("1265793.29")
    assert report.agrees
    assert not load_northwind(session, WHOLE).changed
    assert_stored(session)


def assert_stored(session: Session) -> None:
    assert session.scalar(select(func.sum(Order.subtotal))) == Decimal("1265793.29")
    assert session.scalar(select(func.sum(OrderLine.line_total))) == Decimal("1265793.29")
    assert session.scalar(select(func.count(SalespersonProfile.user_id))) == 9
    names = session.scalars(select(Organization.name).where(Organization.city == "Århus"))
    assert names.all() == ["Vaffeljernet"]
