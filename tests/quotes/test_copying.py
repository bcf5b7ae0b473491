"""Copies at today's prices say what is different: quotes, the usual order, and reorders."""

from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.quotes.conftest import Offer, present
from tests.visitor import Visitor
from wholesale.catalog.models import Product, SizeRun, Variant
from wholesale.core.clock import now
from wholesale.orders.models import Order
from wholesale.quotes.models import Quote


@pytest.fixture
def changed(rep: Visitor, session: Session, offer: Offer, cast: Cast) -> Offer:
    """The quote with Red and White too; since then Red is gone, L is gone, prices rose."""
    cells = {offer.cell("Red", "M"): "4", offer.cell("White", "L"): "6"}
    rep.post(f"{offer.url}/lines", cells)
    session.get_one(Variant, cast.variants["Red"]).archived_at = now()
    run = session.query(SizeRun).filter_by(name="Apparel").one()
    jersey = session.get_one(Product, cast.product)
    other = SizeRun(name="Short", sizes=[size for size in run.sizes if size != "L"])
    jersey.size_run, jersey.base_price = other, Decimal("25.00")
    session.commit()
    return offer


def latest(session: Session) -> Quote:
    session.rollback()
    return session.query(Quote).order_by(Quote.id.desc()).first()


def test_a_duplicate_has_todays_prices_and_says_what_is_different(
    rep: Visitor, session: Session, changed: Offer
):
    answer = rep.post(f"{changed.url}/copy", {"key": str(uuid4())})
    copy = latest(session)
    assert answer.location == f"/quotes/{copy.code}"
    assert (copy.units, copy.total) == (12, Decimal("300.00"))
    page = rep.get(answer.location).text
    assert f"Copied from {changed.code} at today's prices." in page
    assert "Home jersey, Red</strong> is no longer sold." in page
    assert "no longer comes in L: 6 left out." in page
    assert "costs 25.00; it was 20.00." in page
    assert present(session, changed.code).total == Decimal("440.00")


def test_one_form_makes_one_duplicate(rep: Visitor, session: Session, offer: Offer):
    form = {"key": str(uuid4())}
    first, second = (rep.post(f"{offer.url}/copy", form) for _ in range(2))
    assert first.location == second.location
    assert session.query(Quote).count() == 2
    assert rep.post(f"{offer.url}/copy", {"key": "x"}).status_code == 422


def test_the_usual_order_begins_a_new_quote(rep: Visitor, session: Session, offer: Offer):
    rep.post(f"{offer.url}/usual", {"usual": "y"})
    customer = present(session, offer.code).organization_id
    rep.post("/quotes/new", {"organization_id": customer, "key": str(uuid4())})
    quote = latest(session)
    assert "Begin with these rows" in rep.get(f"/quotes/{quote.code}").text
    rep.post(f"/quotes/{quote.code}/usual-rows")
    assert latest(session).units == 12
    rep.post(f"/quotes/{quote.code}/usual-rows")
    assert latest(session).units == 12


def test_one_quote_is_the_usual_one(rep: Visitor, session: Session, offer: Offer):
    rep.post(f"{offer.url}/usual", {"usual": "y"})
    rep.post(f"{offer.url}/copy", {"key": str(uuid4())})
    rep.post(f"/quotes/{latest(session).code}/usual", {"usual": "y"})
    assert [quote.is_usual for quote in session.query(Quote).order_by(Quote.id)] == [False, True]


def test_an_order_is_ordered_again(rep: Visitor, session: Session, placed: str):
    answer = rep.post(f"/orders/{placed}/copy", {"key": str(uuid4())})
    session.rollback()
    order = session.query(Order).order_by(Order.id.desc()).first()
    assert answer.location == f"/orders/{order.ref}"
    assert (order.code, order.units, order.total) == (None, 12, Decimal("240.00"))


def test_a_copy_of_many_styles_takes_no_more_statements_a_row(
    rep: Visitor, session: Session, offer: Offer, statements
):
    with statements as few:
        rep.post(f"{offer.url}/copy", {"key": str(uuid4())})
    small = few.count
    for colour in ("Red", "White"):
        rep.post(f"{offer.url}/lines", {offer.cell(colour, "M"): "1"})
    with statements as many:
        rep.post(f"{offer.url}/copy", {"key": str(uuid4())})
    assert many.count - small <= small + 2
