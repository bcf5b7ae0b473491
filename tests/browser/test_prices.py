"""Prices while an order is typed, and price lists filled on their page."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.cast import Cast
from wholesale.catalog.models import PriceEntry, PriceList
from wholesale.orders.models import Order, OrderLine


@pytest.fixture
def team_prices(session: Session, cast: Cast) -> None:
    """Standard customers pay 18 from 24 jerseys on."""
    made = PriceList(name="Team prices", tier="standard")
    session.add(made)
    session.flush()
    entry = PriceEntry(price_list_id=made.id, product_id=cast.product, min_quantity=24)
    entry.price = Decimal("18.00")
    session.add(entry)
    session.commit()


@pytest.fixture
def order(team_prices: None, desk: Page) -> Page:
    """A new order of the wrestling club with the jersey in it."""
    desk.goto("/orders/new?q=wolver")
    desk.get_by_role("option").click()
    desk.get_by_role("combobox", name="Add a product").fill("jersey")
    desk.get_by_role("option").click()
    expect(desk.get_by_label("Navy M")).to_be_visible()
    return desk


def type_into(page: Page, label: str, text: str) -> None:
    """Type into a cell and go on with Tab."""
    page.get_by_label(label, exact=True).fill(text)
    page.keyboard.press("Tab")


def test_the_price_follows_the_quantity_without_taking_the_focus(order: Page):
    expect(order.get_by_text("24 more units: $18.00 each")).to_be_visible()
    type_into(order, "Navy M", "24")
    for colour in ("Navy", "Red", "White"):
        expect(order.get_by_label(f"{colour} price", exact=True)).to_have_value("18.00")
    expect(order.locator("#document-total")).to_have_text("$432.00")
    expect(order.get_by_label("Navy L", exact=True)).to_be_focused()


def test_a_price_set_by_hand_stays_until_it_is_emptied(order: Page):
    type_into(order, "Navy price", "12.5")
    expect(order.get_by_role("link", name="Why this price: by hand")).to_be_visible()
    type_into(order, "Navy M", "30")
    expect(order.get_by_label("Red price", exact=True)).to_have_value("18.00")
    expect(order.get_by_label("Navy price", exact=True)).to_have_value("12.50")
    type_into(order, "Navy price", "")
    expect(order.get_by_label("Navy price", exact=True)).to_have_value("18.00")
    expect(order.locator("#document-total")).to_have_text("$540.00")


def test_the_keyboard_asks_why(order: Page):
    type_into(order, "Navy M", "24")
    expect(order.get_by_label("Navy price", exact=True)).to_have_value("18.00")
    order.get_by_label("Navy price", exact=True).press("F2")
    dialog = order.get_by_role("dialog")
    expect(dialog).to_contain_text("Price list Team prices: from 24 units (24 of the style)")
    order.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(order.get_by_label("Navy price", exact=True)).to_be_focused()


def test_a_price_list_is_filled_and_edited_in_its_row(
    page: Page, sign_in: Callable[[Page, str], Page], complaints: list[str]
):
    sign_in(page, "ops")
    page.goto("/price-lists/new")
    page.get_by_label("Name").fill("Spring")
    page.get_by_role("button", name="Add price list").click()
    expect(page.get_by_role("heading", name="Spring")).to_be_visible()
    expect(page.locator("#crumbs")).to_contain_text("Spring")
    page.get_by_label("SKU or variant code").fill("jrs-1")
    page.get_by_label("From units").fill("24")
    page.get_by_label("Price", exact=True).fill("18")
    page.keyboard.press("Enter")
    row = page.get_by_role("row", name="JRS-1")
    expect(row).to_contain_text("18.00")
    row.get_by_role("link", name="Edit").click()
    page.locator("#results").get_by_label("Price", exact=True).fill("17.5")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("17.50")
    page.once("dialog", lambda asked: asked.accept())
    row.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No price here")).to_be_visible()


def test_enter_in_the_last_row_saves(order: Page):
    order.get_by_label("White M", exact=True).fill("8")
    order.keyboard.press("Enter")
    expect(order.locator("#document-units")).to_have_text("8")


def test_what_others_did_meanwhile_comes_with_a_refusal(
    order: Page, session: Session, complaints: list[str]
):
    type_into(order, "Red M", "30")
    expect(order.locator("#document-units")).to_have_text("30")
    red = session.query(OrderLine).filter(OrderLine.variant.has(colour="Red")).one()
    session.delete(red)
    session.execute(update(Order).values(units=0, subtotal=0))
    session.commit()
    type_into(order, "Red L", "1")
    expect(order.get_by_label("Red L", exact=True)).to_have_count(0)
    expect(order.locator("#document-total")).to_have_text("$0.00")
    complaints.clear()  # the 422 is reported by the browser


def test_a_price_that_somebody_else_set_brings_the_rows_money_along(
    order: Page, session: Session, complaints: list[str]
):
    type_into(order, "Navy M", "10")
    expect(order.locator("#document-total")).to_have_text("$200.00")
    navy = session.query(OrderLine).filter(OrderLine.variant.has(colour="Navy")).one()
    navy.unit_price, navy.is_price_manual = Decimal("15.00"), True
    session.execute(update(Order).values(subtotal=150))
    session.commit()
    type_into(order, "Navy price", "19")
    order.get_by_role("button", name="Take 15.00").click()
    expect(order.get_by_label("Navy price", exact=True)).to_have_value("15.00")
    expect(order.locator("#document-total")).to_have_text("$150.00")
    expect(order.get_by_role("link", name="Why this price: by hand")).to_be_visible()
    complaints.clear()  # the 409 is reported by the browser


@pytest.mark.window(java_script_enabled=False)
def test_why_without_javascript(
    team_prices: None, page: Page, sign_in: Callable[[Page, str], Page]
):
    sign_in(page, "sales")
    page.goto("/orders/new?q=wolver")
    page.get_by_role("option").click()
    page.get_by_role("combobox", name="Add a product").fill("jersey")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("option").click()
    page.get_by_label("Navy M", exact=True).fill("24")
    page.get_by_role("button", name="Save order").click()
    expect(page.get_by_label("Navy price", exact=True)).to_have_value("18.00")
    page.get_by_role("link", name="Why this price: Team prices").first.click()
    expect(page.get_by_role("heading", name="Home jersey, Navy: $18.00")).to_be_visible()
