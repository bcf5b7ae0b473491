"""A quote is begun, filled on the grid, described, listed and deleted."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.quotes.conftest import Offer, present, step
from tests.visitor import Visitor
from wholesale.core.clock import now
from wholesale.customers.models import Organization
from wholesale.orders.models import Order
from wholesale.quotes.models import Quote

Visit = Callable[[str], Visitor]


def test_a_quote_has_a_code_a_last_day_and_what_its_customer_has(
    rep: Visitor, session: Session, cast: Cast
):
    session.get_one(Organization, cast.organization).payment_terms = "Net 30"
    session.commit()
    answer = rep.post("/quotes/new", {"organization_id": cast.organization, "key": str(uuid4())})
    quote = session.query(Quote).one()
    assert answer.location == f"/quotes/{quote.code}"
    assert re.fullmatch(rf"Q-{now().year}-[0-9]{{5}}", quote.code)
    assert quote.status == "draft"
    assert (quote.contact_id, quote.salesperson_id) == (cast.contact, cast.users["sales"])
    assert quote.terms == "Net 30"
    assert 29 <= (quote.valid_until - now().date()).days <= 31


def test_one_form_begins_one_quote_however_often_it_is_sent(
    rep: Visitor, session: Session, cast: Cast
):
    form = {"organization_id": cast.organization, "key": str(uuid4())}
    first, second = rep.post("/quotes/new", form), rep.post("/quotes/new", form)
    assert first.location == second.location
    assert session.query(Quote).count() == 1


def test_an_archived_customer_gets_no_quote(rep: Visitor, session: Session, cast: Cast):
    session.get_one(Organization, cast.organization).archived_at = now()
    session.commit()
    answer = rep.post("/quotes/new", {"organization_id": cast.organization, "key": str(uuid4())})
    assert answer.status_code == 422
    assert "is archived. Restore it first." in answer.text
    assert session.query(Quote).count() == 0


def test_cells_are_typed_as_in_an_order(rep: Visitor, session: Session, offer: Offer):
    cell = offer.cell("Red", "2XL")
    answer = rep.hx_post(f"{offer.url}/lines", {cell: "3", f"was.{cell}": ""})
    assert answer.status_code == 200
    assert 'id="document-total">$306.00<' in answer.text
    quote = present(session, offer.code)
    assert (quote.units, quote.total) == (15, Decimal("306.00"))


def test_two_people_in_one_cell_are_asked(rep: Visitor, visit: Visit, offer: Offer):
    cell = offer.cell("Navy", "M")
    visit("admin").hx_post(f"{offer.url}/lines", {cell: "20", f"was.{cell}": "12"})
    answer = rep.hx_post(f"{offer.url}/lines", {cell: "15", f"was.{cell}": "12"})
    assert answer.status_code == 409
    assert "Somebody else set it to 20 meanwhile; you typed 15." in answer.text


def test_rows_are_pasted(rep: Visitor, session: Session, offer: Offer):
    page = rep.post(f"{offer.url}/paste", {"rows": "JRS-1 Red\tL\t5"})
    assert "1 of 1 row is ready" in page.text
    version = str(present(session, offer.code).lines_version)
    form = {"rows": "JRS-1 Red\tL\t5", "lines_version": version, "then": "add"}
    assert rep.post(f"{offer.url}/paste", form).location == offer.url
    assert present(session, offer.code).units == 17


@pytest.mark.parametrize(
    ("given", "total"),
    [
        ({}, "240.00"),
        ({"discount_percent": "10"}, "216.00"),
        ({"discount_amount": "40"}, "200.00"),
        ({"discount_amount": "1000"}, "0.00"),
        ({"tax_percent": "8.25"}, "259.80"),
        ({"discount_percent": "12.5", "tax_percent": "8.25", "freight": "19.90"}, "247.23"),
    ],
)
def test_discount_tax_and_freight_make_the_total(
    rep: Visitor, session: Session, offer: Offer, given: dict[str, str], total: str
):
    assert rep.post(f"{offer.url}/details", given).status_code == 303
    quote = present(session, offer.code)
    assert quote.total == Decimal(total)
    assert quote.total == quote.subtotal - quote.discount + quote.tax + quote.freight


def test_a_percentage_and_an_amount_at_once_are_refused(rep: Visitor, offer: Offer):
    answer = rep.post(f"{offer.url}/details", {"discount_percent": "5", "discount_amount": "5"})
    assert answer.status_code == 422
    assert "Give a percentage or an amount, not both." in answer.text


def test_details_of_two_people_merge(rep: Visitor, visit: Visit, session: Session, offer: Offer):
    same = {"discount_percent": "0.00", "was.discount_percent": "0.00"}
    rep.post(f"{offer.url}/details", {"name": "Season", "was.name": "", "notes": ""} | same)
    visit("admin").post(f"{offer.url}/details", {"notes": "Soon", "was.notes": "", "was.name": ""})
    quote = present(session, offer.code)
    assert (quote.name, quote.notes) == ("Season", "Soon")


def test_a_contact_of_another_customer_is_refused(rep: Visitor, offer: Offer, cast: Cast):
    answer = rep.post(f"{offer.url}/details", {"contact_id": cast.other_contact})
    assert answer.status_code == 422


def test_the_list_shows_ones_own_with_filters(
    rep: Visitor, visit: Visit, session: Session, offer: Offer
):
    assert offer.code in rep.get("/quotes?q=wolverton").text
    assert offer.code not in rep.get("/quotes?status=sent").text
    assert offer.code not in visit("sales2").get("/quotes").text
    assert offer.code in visit("finance").get("/quotes").text
    assert offer.code in rep.get("/quotes.csv").text


def test_a_sent_quote_past_its_last_day_is_listed_as_expired(
    rep: Visitor, session: Session, sent: Offer
):
    present(session, sent.code).valid_until = date(2020, 1, 1)
    session.commit()
    assert sent.code in rep.get("/quotes?status=expired").text
    assert sent.code not in rep.get("/quotes?status=sent").text
    assert "Its last day was Jan 1, 2020." in rep.get(sent.url).text


def test_only_a_quote_that_was_never_sent_is_deleted(rep: Visitor, session: Session, offer: Offer):
    step(rep, session, offer.code, "send")
    answer = rep.post(f"{offer.url}/delete")
    assert answer.status_code == 409
    assert "was sent; it can no longer be deleted." in answer.text
    rep.post(
        "/quotes/new",
        {"organization_id": present(session, offer.code).organization_id, "key": str(uuid4())},
    )
    other = session.query(Quote).order_by(Quote.id.desc()).first()
    assert rep.post(f"/quotes/{other.code}/delete").location == "/quotes"
    assert session.query(Quote).count() == 1


def test_a_page_of_a_long_quote_takes_as_many_statements_as_a_short_one(
    rep: Visitor, offer: Offer, statements: Callable[..., object]
):
    rep.get(offer.url)
    with statements as few:
        rep.get(offer.url)
    first = few.count
    rep.hx_post(f"{offer.url}/lines", {offer.cell(c, "S"): "2" for c in ("Navy", "Red", "White")})
    with statements as many:
        rep.get(offer.url)
    assert many.count - first == first


def test_nobody_else_of_sales_sees_it(visit: Visit, offer: Offer, session: Session):
    rival = visit("sales2")
    assert rival.get(offer.url).status_code == 404
    assert rival.post(f"{offer.url}/steps", {"step": "send", "seen": "draft.1"}).status_code == 404
    assert visit("ops").post(f"{offer.url}/lines", {}).status_code == 403
    assert session.query(Order).count() == 0
