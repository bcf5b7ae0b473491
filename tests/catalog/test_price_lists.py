"""Price lists on their pages: made, filled, edited in place, archived, deleted, downloaded."""

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.conftest import Statements
from tests.visitor import Visitor
from wholesale.catalog.models import PriceEntry, PriceList

D = Decimal


@pytest.fixture
def ops(visit) -> Visitor:
    """Somebody who may write prices."""
    return visit("ops")


@pytest.fixture
def vip(session: Session) -> PriceList:
    """A price list of the VIP tier without prices."""
    made = PriceList(name="VIP 2026", tier="vip", percent_off=D("10"))
    session.add(made)
    session.commit()
    return made


def add(ops: Visitor, price_list: PriceList, code: str, quantity: str, price: str):
    """Send the form of a new price."""
    form = {"code": code, "min_quantity": quantity, "price": price}
    return ops.post(f"/price-lists/{price_list.id}/prices", form)


def entries(session: Session) -> list[tuple[int, str | None, Decimal]]:
    """Return quantity, variant code and price of every entry."""
    session.rollback()
    rows = session.query(PriceEntry).order_by(PriceEntry.min_quantity)
    return [(e.min_quantity, e.variant.code if e.variant else None, e.price) for e in rows]


def test_a_list_for_a_tier_is_made(ops: Visitor, session: Session):
    form = {"tier": "vip", "name": "Spring", "percent_off": "7.5", "valid_from": "2026-03-01"}
    answer = ops.post("/price-lists/new", form)
    made = session.query(PriceList).one()
    assert answer.location == f"/price-lists/{made.id}"
    assert (made.tier, made.organization_id, made.percent_off) == ("vip", None, D("7.5"))


def test_a_list_for_one_customer_is_made(ops: Visitor, session: Session, cast: Cast):
    found = ops.get("/price-lists/new?q=wolver").text
    assert f"/price-lists/new?organization_id={cast.organization}" in found
    form = {"organization_id": cast.organization, "tier": "standard", "name": "Wolves"}
    ops.post("/price-lists/new", form)
    made = session.query(PriceList).one()
    assert (made.tier, made.organization_id) == (None, cast.organization)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Enter a name."),
        ("name", "VIP 2026", "has this name"),
        ("percent_off", "100", "largest amount is 99.99"),
        ("percent_off", "-5", "cannot be negative"),
        ("tier", "gold", "Not a valid choice"),
        ("valid_to", "2025-01-01", "The last day lies before the first."),
        ("organization_id", "999999999999", "no such"),
    ],
)
def test_a_list_that_cannot_be_says_why_and_keeps_what_was_typed(
    ops: Visitor, vip: PriceList, session: Session, field: str, value: str, words: str
):
    form = {"tier": "vip", "name": "Mine", "valid_from": "2026-01-01"} | {field: value}
    answer = ops.post("/price-lists/new", form)
    assert answer.status_code in (404, 422)
    assert words in answer.text
    session.rollback()
    assert session.query(PriceList).count() == 1


def test_prices_are_added_for_a_product_and_for_one_variant(
    ops: Visitor, vip: PriceList, session: Session
):
    assert add(ops, vip, "jrs-1", "1", "18").status_code == 303
    assert add(ops, vip, "JRS-1-navy", "24", "17,50").status_code == 303
    assert entries(session) == [(1, None, D("18.00")), (24, "JRS-1-NAVY", D("17.50"))]
    shown = ops.get(f"/price-lists/{vip.id}").text
    assert "All colours" in shown
    assert "17.50" in shown


@pytest.mark.parametrize(
    ("code", "quantity", "price", "words"),
    [
        ("NOPE", "1", "18", "There is no product or variant “NOPE”."),
        ("", "1", "18", "Enter a SKU or a variant code."),
        ("JRS-1", "0", "18", "Enter a whole number from 1"),
        ("JRS-1", "9" * 400, "18", "Enter a whole number from 1"),
        ("JRS-1", "x", "18", "Enter a whole number from 1"),
        ("JRS-1", "24", "0", "A price is more than zero."),
        ("JRS-1", "24", "-3", "cannot be negative"),
        ("JRS-1", "24", "1e5", "Enter an amount such as"),
        ("JRS-1", "12", "9", "already"),
        ("JRS-1", "24", "19", "A larger quantity cannot cost more: from 12 units it is 18.00."),
        ("JRS-1", "6", "17", "A larger quantity cannot cost more: from 12 units it is 18.00."),
        ("<script>alert(1)</script>", "1", "9", "&lt;script&gt;"),
        ("JRS\x00-1", "12", "9", "already"),
    ],
)
def test_a_price_that_cannot_be_says_why(
    ops: Visitor,
    vip: PriceList,
    session: Session,
    code: str,
    quantity: str,
    price: str,
    words: str,
):
    add(ops, vip, "JRS-1", "12", "18")
    answer = add(ops, vip, code, quantity, price)
    assert answer.status_code == 422
    assert words in answer.text
    assert entries(session) == [(12, None, D("18.00"))]


def test_the_database_refuses_what_the_form_does(vip: PriceList, session: Session, cast: Cast):
    for price, quantity in (("0", "1"), ("-1", "1"), ("5", "0")):
        with pytest.raises(IntegrityError):
            session.execute(
                text(
                    "INSERT INTO price_entries (price_list_id, product_id, price, min_quantity)"
                    f" VALUES ({vip.id}, {cast.product}, {price}, {quantity})"
                )
            )
        session.rollback()


def test_a_price_is_edited_in_its_row(ops: Visitor, vip: PriceList, session: Session):
    add(ops, vip, "JRS-1", "12", "18")
    entry = session.query(PriceEntry).one()
    url = f"/price-lists/{vip.id}/prices/{entry.id}"
    form = ops.hx_get(url, target=f"entry-{entry.id}").text
    assert 'value="18.00"' in form
    answer = ops.hx_post(
        url,
        {"min_quantity": "12", "price": "17", "was.price": "18.00", "was.min_quantity": "12"},
        target=f"entry-{entry.id}",
    )
    assert f'<tr id="entry-{entry.id}"' in answer.text
    assert "17.00" in answer.text
    assert entries(session) == [(12, None, D("17.00"))]


def test_two_people_at_one_price_are_asked(ops: Visitor, vip: PriceList, session: Session):
    add(ops, vip, "JRS-1", "12", "18")
    entry = session.query(PriceEntry).one()
    url = f"/price-lists/{vip.id}/prices/{entry.id}"
    ops.post(url, {"min_quantity": "12", "price": "17", "was.price": "18.00"})
    answer = ops.post(url, {"min_quantity": "12", "price": "16", "was.price": "18.00"})
    assert answer.status_code == 409
    assert "Somebody else changed this" in answer.text
    assert entries(session) == [(12, None, D("17.00"))]


def test_a_price_is_removed_and_a_second_click_finds_none(
    ops: Visitor, vip: PriceList, session: Session
):
    add(ops, vip, "JRS-1", "12", "18")
    entry = session.query(PriceEntry).one()
    url = f"/price-lists/{vip.id}/prices/{entry.id}/removal"
    assert ops.post(url).status_code == 303
    assert entries(session) == []
    assert ops.post(url).status_code == 404


def test_details_are_edited_in_place_and_the_title_follows(
    ops: Visitor, vip: PriceList, session: Session
):
    form = {"name": "VIP 2027", "percent_off": "12", "was.name": "VIP 2026"}
    answer = ops.hx_post(f"/price-lists/{vip.id}/details", form, target="details")
    assert 'id="price-list-title"' in answer.text
    assert "VIP 2027" in answer.text
    session.rollback()
    assert session.query(PriceList).one().percent_off == D("12")


def test_days_that_two_people_set_apart_still_fit(ops: Visitor, vip: PriceList, session: Session):
    url = f"/price-lists/{vip.id}/details"
    ops.post(url, {"name": "VIP 2026", "percent_off": "10.00", "valid_from": "2026-05-01"})
    form = {"name": "VIP 2026", "percent_off": "10.00", "valid_to": "2026-04-01"}
    answer = ops.post(url, form | {"was.valid_from": "", "was.valid_to": ""})
    assert answer.status_code == 422
    assert "The last day lies before the first." in answer.text
    session.rollback()
    assert session.query(PriceList).one().valid_to is None


def test_an_archived_list_leaves_the_list_and_comes_back(ops: Visitor, vip: PriceList):
    ops.post(f"/price-lists/{vip.id}/archive")
    assert "VIP 2026</a>" not in ops.get("/price-lists").text
    assert "VIP 2026</a>" in ops.get("/price-lists?archived=y").text
    ops.post(f"/price-lists/{vip.id}/restore")
    assert "VIP 2026</a>" in ops.get("/price-lists").text


def test_deleting_asks_first_and_takes_the_prices_along(
    ops: Visitor, vip: PriceList, session: Session
):
    add(ops, vip, "JRS-1", "12", "18")
    asked = ops.get(f"/price-lists/{vip.id}/deletion")
    assert "Orders keep the prices they were made with." in asked.text
    ops.post(f"/price-lists/{vip.id}/deletion")
    assert entries(session) == []
    assert session.query(PriceList).count() == 0


def test_what_a_tier_pays_is_explained(ops: Visitor, vip: PriceList):
    add(ops, vip, "JRS-1-NAVY", "24", "16")
    told = ops.get("/products/JRS-1/prices?tier=vip&quantity=30").text
    assert "Price list VIP 2026: 10 % off" in told
    assert "Price list VIP 2026: from 24 units (30 of the style)" in told
    assert "VIP 2026</a>" in told
    assert "Price list VIP 2026" not in ops.get("/products/JRS-1/prices").text


def test_what_a_customer_pays_is_explained(ops: Visitor, session: Session, cast: Cast):
    session.add(PriceList(name="Wolves", organization_id=cast.organization, percent_off=D("3.33")))
    session.commit()
    told = ops.get(f"/products/JRS-1/prices?organization={cast.organization}").text
    assert "Wolverton Wrestling Club" in told
    assert "19.334" in told
    assert "Rounded to the cent" in told
    assert "Wolverton" in ops.get("/products/JRS-1/prices?q=wolv").text


def test_a_quantity_that_is_none_is_told(ops: Visitor):
    assert ops.get("/products/JRS-1/prices?quantity=-4").status_code == 422


def test_downloads(ops: Visitor, vip: PriceList):
    add(ops, vip, "JRS-1", "12", "18")
    assert "VIP 2026,vip,,10.00,," in ops.get("/price-lists.csv").text
    prices = ops.get(f"/price-lists/{vip.id}/prices.csv").text
    assert "VIP 2026,JRS-1,,12,18.00" in prices


def test_a_page_takes_the_same_statements_for_any_number_of_prices(
    ops: Visitor, vip: PriceList, session: Session, cast: Cast, statements: Statements
):
    counts = []
    ops.get("/")  # a session's first request notes that it was seen
    for number in (1, 40):
        for quantity in range(len(entries(session)) + 1, number + 1):
            session.add(
                PriceEntry(
                    price_list_id=vip.id,
                    product_id=cast.product,
                    min_quantity=quantity,
                    price=D(100 - quantity),
                )
            )
        session.commit()
        statements.count = 0
        with statements:
            assert ops.get(f"/price-lists/{vip.id}").status_code == 200
        counts.append(statements.count)
    assert counts[0] == counts[1] <= 6


def test_a_designer_and_a_maker_see_no_price_lists(visit, vip: PriceList):
    for who in ("designer", "manufacturer"):
        assert visit(who).get("/price-lists").status_code == 403
        assert "Price lists" not in visit(who).get("/products").text
