"""Prices in an order: the customer's, in step with the quantity, and explained."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.drafts import Draft
from tests.visitor import Visitor
from wholesale.catalog.models import PriceEntry, PriceList, Variant
from wholesale.core.clock import today
from wholesale.customers.models import Organization
from wholesale.orders.models import Order, OrderLine

D = Decimal


def price_list(session: Session, cast: Cast, name: str, *breaks: tuple[int, str], **owner: object):
    """Write a price list with breaks of the jersey."""
    made = PriceList(name=name, **(owner or {"tier": "standard"}))
    session.add(made)
    session.flush()
    for quantity, price in breaks:
        entry = PriceEntry(price_list_id=made.id, product_id=cast.product, min_quantity=quantity)
        entry.price = D(price)
        session.add(entry)
    session.commit()
    return made


@pytest.fixture
def team_prices(session: Session, cast: Cast) -> PriceList:
    """Standard customers pay 18 from 24 jerseys on and 16 from 72 on."""
    return price_list(session, cast, "Team prices", (24, "18.00"), (72, "16.00"))


def prices(session: Session) -> dict[str, Decimal]:
    """Return each line's unit price by colour."""
    session.rollback()
    lines = session.query(OrderLine).order_by(OrderLine.position)
    return {line.variant.colour or "": line.unit_price for line in lines}


def cell(rep: Visitor, draft: Draft, **fields: str):
    """Send fields of the grid: ``Navy_M="12"``, ``Navy_price="9"``."""
    form = {}
    for name, value in fields.items():
        colour, _, size = name.partition("_")
        line = draft.lines[colour]
        form[f"price.{line}" if size == "price" else f"q.{line}.{size}"] = value
    return rep.hx_post(f"/orders/{draft.ref}/lines", form)


def test_a_break_is_pooled_over_sizes_and_colours(
    team_prices: PriceList, rep: Visitor, draft: Draft, session: Session
):
    cell(rep, draft, Navy_M="12", Red_L="11")
    assert set(prices(session).values()) == {D("20.00")}
    answer = cell(rep, draft, White_S="1")
    assert set(prices(session).values()) == {D("18.00")}
    # The other rows' prices and amounts travel with the answer.
    assert f'id="p.{draft.lines["Navy"]}" name="price.{draft.lines["Navy"]}" value="18.00"' in (
        answer.text
    )
    assert "216.00" in answer.text
    session.rollback()
    assert session.query(Order).one().total == 24 * D("18.00")


def test_fewer_units_make_it_dearer_again(
    team_prices: PriceList, rep: Visitor, draft: Draft, session: Session
):
    cell(rep, draft, Navy_M="80")
    assert set(prices(session).values()) == {D("16.00")}
    cell(rep, draft, Navy_M="24")
    assert set(prices(session).values()) == {D("18.00")}


def test_taking_a_row_out_counts_too(
    team_prices: PriceList, rep: Visitor, draft: Draft, session: Session
):
    cell(rep, draft, Navy_M="20", Red_M="20")
    answer = rep.hx_post(f"/orders/{draft.ref}/removal", {"line_id": draft.lines["Red"]})
    assert prices(session) == {"Navy": D("20.00"), "White": D("20.00")}
    assert f'id="p.{draft.lines["Navy"]}"' in answer.text
    assert session.query(Order).one().total == D("400.00")


def test_a_price_typed_by_hand_is_never_overwritten(
    team_prices: PriceList, rep: Visitor, draft: Draft, session: Session
):
    cell(rep, draft, Navy_price="12.34")
    cell(rep, draft, Navy_M="80")
    assert prices(session) == {"Navy": D("12.34"), "Red": D("16.00"), "White": D("16.00")}


def test_an_emptied_price_takes_the_lists_again(
    team_prices: PriceList, rep: Visitor, draft: Draft, session: Session
):
    cell(rep, draft, Navy_price="12.34", Navy_M="30")
    answer = cell(rep, draft, Navy_price="")
    assert prices(session)["Navy"] == D("18.00")
    assert 'value="18.00"' in answer.text
    assert not session.query(OrderLine).filter_by(is_price_manual=True).count()


def test_a_gift_is_allowed(rep: Visitor, draft: Draft, session: Session):
    assert cell(rep, draft, Navy_price="0", Navy_M="5").status_code == 200
    assert prices(session)["Navy"] == 0


def test_a_later_change_of_the_list_leaves_the_order_alone(
    team_prices: PriceList, rep: Visitor, draft: Draft, session: Session
):
    session.query(PriceEntry).update({"price": D("1.00")})
    session.query(Variant).update({"price": D("99.00")})
    session.commit()
    cell(rep, draft, Navy_M="80")
    assert set(prices(session).values()) == {D("16.00")}


def test_the_customers_own_list_stands_before_its_tiers(
    team_prices: PriceList,
    session: Session,
    cast: Cast,
    rep: Visitor,
    request: pytest.FixtureRequest,
):
    price_list(session, cast, "Wolves", (1, "17.50"), organization_id=cast.organization)
    request.getfixturevalue("draft")
    assert set(prices(session).values()) == {D("17.50")}


@pytest.mark.parametrize(
    ("first", "last", "paid"), [(-5, 5, "15.00"), (1, None, "20.00"), (None, -1, "20.00")]
)
def test_a_list_counts_only_between_its_days(
    session: Session,
    cast: Cast,
    request: pytest.FixtureRequest,
    first: int | None,
    last: int | None,
    paid: str,
):
    def day(offset: int | None) -> date | None:
        return None if offset is None else today("America/New_York") + timedelta(days=offset)

    owner = {"tier": "standard", "valid_from": day(first), "valid_to": day(last)}
    price_list(session, cast, "Season", (1, "15.00"), **owner)
    request.getfixturevalue("draft")
    assert set(prices(session).values()) == {D(paid)}


def test_the_customers_discount_is_in_the_rows_of_a_new_order(
    session: Session, cast: Cast, request: pytest.FixtureRequest
):
    session.get_one(Organization, cast.organization).discount_percent = D("7.5")
    session.commit()
    request.getfixturevalue("draft")
    session.rollback()
    assert {line.discount_percent for line in session.query(OrderLine)} == {D("7.5")}


def test_every_price_says_why(team_prices: PriceList, rep: Visitor, draft: Draft, session: Session):
    cell(rep, draft, Navy_M="20", Red_2XL="10")
    url = f"/orders/{draft.ref}/lines/{draft.lines['Red']}/price"
    assert url in rep.get(f"/orders/{draft.ref}").text
    told = rep.get(url).text
    for words in (
        "List price of JRS-1",
        "Price list Team prices: from 24 units (30 of the style)",
        "2XL: up-charge $2.00",
        "From 72 units of the style",
        "200.00",
    ):
        assert words in told, words
    assert "<dialog" in rep.hx_get(url, target="dialog-slot").text


def test_a_row_of_another_order_has_no_price_here(rep: Visitor, draft: Draft):
    assert rep.get(f"/orders/{draft.ref}/lines/999999/price").status_code == 404


def test_the_next_cheaper_quantity_is_offered(team_prices: PriceList, rep: Visitor, draft: Draft):
    assert "24 more units: $18.00 each" in rep.get(f"/orders/{draft.ref}").text
    assert "42 more units: $16.00 each" in cell(rep, draft, Navy_M="30").text


def test_the_same_price_sent_once_more_is_not_set_by_hand(
    team_prices: PriceList, rep: Visitor, draft: Draft, session: Session
):
    cell(rep, draft, Navy_price="20.00", Navy_M="80")
    assert prices(session)["Navy"] == D("16.00")
