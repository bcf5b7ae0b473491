"""A quote becomes one order, with every line as it was agreed, whoever asks how often."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.quotes.conftest import Offer, offer, present, sent, step
from tests.visitor import Visitor
from wholesale.catalog.models import Product
from wholesale.core.clock import now
from wholesale.customers.models import Organization
from wholesale.orders.models import Order, OrderLine

Visit = Callable[[str], Visitor]
__all__ = ["offer", "sent"]  # the fixtures of quotes


def test_every_line_is_carried_once_as_it_was_agreed(
    rep: Visitor, session: Session, offer: Offer, cast: Cast
):
    line = offer.lines["Red"]
    cells = {f"q.{line}.2XL": "3", f"price.{line}": "18.50", f"discount.{line}": "10"}
    rep.post(f"{offer.url}/lines", cells)
    rep.post(f"{offer.url}/details", {"discount_percent": "5", "tax_percent": "8", "name": "Kit"})
    step(rep, session, offer.code, "send")
    session.get_one(Product, cast.product).base_price = Decimal("99.00")
    session.commit()
    answer = rep.post(f"{offer.url}/order")
    session.rollback()
    order = session.query(Order).one()
    assert answer.location == f"/orders/{order.code}"
    quote = present(session, offer.code)
    assert order.total == quote.total
    assert (order.name, order.units, order.status) == ("Kit", 15, "new")
    rows = session.query(OrderLine).order_by(OrderLine.position).all()
    assert [(row.quantities, row.unit_price, row.is_price_manual) for row in rows] == [
        ({"M": 12}, Decimal("20.00"), False),
        ({"2XL": 3}, Decimal("18.50"), True),
    ]


def test_twice_gives_one_order(rep: Visitor, session: Session, sent: Offer):
    first, second = rep.post(f"{sent.url}/order"), rep.post(f"{sent.url}/order")
    assert first.location == second.location
    assert session.query(Order).count() == 1
    assert rep.get(f"{sent.url}/order").location == first.location
    assert "Open its order" in rep.get(sent.url).text


def test_two_people_at_once_give_one_order(
    rep: Visitor, visit: Visit, session: Session, sent: Offer
):
    start = Barrier(2)

    def convert(person: Visitor):
        start.wait()
        return person.post(f"{sent.url}/order")

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(convert, [rep, visit("ops")]))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert session.query(Order).count() == 1
    assert session.query(OrderLine).count() == 1


def test_a_draft_or_a_rejected_quote_is_no_order(rep: Visitor, session: Session, offer: Offer):
    assert rep.post(f"{offer.url}/order").status_code == 409
    step(rep, session, offer.code, "send")
    step(rep, session, offer.code, "reject", name="Coach", reason="Too dear")
    answer = rep.post(f"{offer.url}/order")
    assert answer.status_code == 409
    assert "The quote is rejected" in answer.text
    assert rep.get(f"{offer.url}/order").status_code == 404
    assert session.query(Order).count() == 0


def test_a_quote_that_became_an_order_is_not_revised(rep: Visitor, session: Session, sent: Offer):
    rep.post(f"{sent.url}/order")
    answer = step(rep, session, sent.code, "revise")
    assert answer.status_code == 409
    assert "The quote became an order: change that one." in answer.text


def test_an_archived_customer_gets_no_order(
    rep: Visitor, session: Session, sent: Offer, cast: Cast
):
    session.get_one(Organization, cast.organization).archived_at = now()
    session.commit()
    assert rep.post(f"{sent.url}/order").status_code == 409
    assert session.query(Order).count() == 0


def test_who_may_not_make_orders_is_told(visit: Visit, session: Session, sent: Offer):
    assert visit("finance").post(f"{sent.url}/order").status_code == 403
    assert visit("sales2").post(f"{sent.url}/order").status_code == 404
    assert session.query(Order).count() == 0


def test_the_order_names_its_quote(rep: Visitor, session: Session, sent: Offer):
    opened = rep.post(f"{sent.url}/order").location
    assert f'href="{sent.url}"' in rep.get(opened).text
