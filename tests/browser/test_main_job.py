"""The main job in a real browser: a rep enters an order with the keyboard alone."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from tests.cast import add_product
from wholesale.orders.models import Order


def begin_order(page: Page, customer: str = "wolver") -> None:
    """Open *New order*, choose a customer and the jersey, all by keyboard."""
    page.keyboard.press("n")
    expect(page.get_by_role("combobox", name="Customer")).to_be_focused()
    page.keyboard.type(customer)
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Add a product")).to_be_focused()
    page.keyboard.type("jrs-1")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Navy YXS")).to_be_focused()


def test_an_order_is_entered_by_keyboard_alone_and_nothing_reloads(desk: Page, session: Session):
    desk.evaluate("window.untouched = true")
    begin_order(desk)
    for _ in range(4):
        desk.keyboard.press("ArrowRight")
    for units in ("3", "10", "12"):  # XS, S, M, each followed by Tab
        desk.keyboard.type(units)
        desk.keyboard.press("Tab")
    desk.keyboard.type("8")
    desk.keyboard.press("Enter")  # L, then one down: Red L
    desk.keyboard.type("5")
    expect(desk.get_by_label("Red L")).to_be_focused()
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("#document-units")).to_have_text("38")
    expect(desk.locator("#document-total")).to_have_text("$760.00")
    desk.keyboard.press("Control+Enter")

    expect(desk.get_by_role("heading", level=1)).to_contain_text("O-20")
    order = session.query(Order).one()
    expect(desk.get_by_text(f"Order {order.code} saved.")).to_be_visible()
    assert desk.url.endswith(f"/orders/{order.code}")
    assert (order.units, order.total) == (38, Decimal("760.00"))
    assert {line.variant.colour: line.quantities for line in order.lines} == {
        "Navy": {"XS": 3, "S": 10, "M": 12, "L": 8},
        "Red": {"L": 5},
    }
    desk.get_by_role("link", name="Orders", exact=True).first.click()
    row = desk.get_by_role("row", name=str(order.code))
    expect(row).to_contain_text("760.00")
    assert desk.evaluate("window.untouched") is True


def test_the_last_cell_typed_is_saved_with_the_order(desk: Page, session: Session):
    begin_order(desk)
    desk.keyboard.type("7")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("O-20")
    assert session.query(Order).one().units == 7


def test_money_runs_in_cell_row_column_and_order(desk: Page):
    begin_order(desk)
    cell = desk.get_by_label("Red 2XL")
    cell.fill("3")
    cell.press("Tab")
    row = desk.get_by_role("row", name="Red")
    expect(row).to_contain_text("66.00")  # 3 × (20.00 + 2.00)
    expect(row.locator("small", has_text="66.00")).to_be_visible()
    expect(desk.locator("tfoot")).to_contain_text("66.00")
    expect(desk.locator("#document-total")).to_have_text("$66.00")


def test_a_cells_edit_sends_that_cell_alone(desk: Page):
    begin_order(desk)
    with desk.expect_request("**/lines") as sent:
        desk.get_by_label("White M").fill("4")
        desk.keyboard.press("Tab")
    fields = {part.split("=")[0] for part in (sent.value.post_data or "").split("&")}
    assert len(fields - {"csrf_token", "lines_version", "seen_at"}) == 2
    assert sum(field.startswith("was.") for field in fields) == 1


def test_a_refused_cell_keeps_what_was_typed_and_is_marked_until_mended(
    desk: Page, complaints: list[str], session: Session
):
    begin_order(desk)
    cell = desk.get_by_label("Navy M")
    cell.fill("1.5")
    cell.press("ArrowDown")
    listed = desk.locator("#cell-errors")
    expect(listed).to_contain_text("Navy, M: Enter whole units")
    expect(cell).to_have_value("1.5")
    expect(cell).to_have_attribute("aria-invalid", "true")
    cell.fill("2")
    cell.press("ArrowDown")
    expect(listed).to_be_empty()
    expect(cell).not_to_have_attribute("aria-invalid", "true")
    expect(desk.locator("#document-units")).to_have_text("2")
    complaints.clear()  # the browser reports the 422


def test_escape_puts_back_what_the_cell_held(desk: Page):
    begin_order(desk)
    cell = desk.get_by_label("Navy M")
    cell.fill("9")
    cell.press("Tab")
    expect(desk.locator("#document-units")).to_have_text("9")
    cell.fill("99")
    cell.press("Escape")
    expect(cell).to_have_value("9")


def test_a_draft_waits_where_it_was_left(desk: Page):
    begin_order(desk)
    desk.get_by_label("Navy M").fill("6")
    desk.keyboard.press("Tab")
    expect(desk.locator("#document-units")).to_have_text("6")
    desk.goto("/")
    desk.get_by_role("link", name="Wolverton Wrestling Club").click()
    expect(desk.get_by_label("Navy M")).to_have_value("6")


@pytest.mark.window(java_script_enabled=False)
def test_it_works_without_javascript(desk: Page, session: Session, complaints: list[str]):
    desk.goto("/orders/new")
    desk.get_by_role("combobox", name="Customer").fill("wolver")
    desk.get_by_role("button", name="Find").click()
    desk.get_by_role("option").click()
    desk.get_by_role("combobox", name="Add a product").fill("jersey")
    desk.get_by_role("button", name="Find").click()
    desk.get_by_role("option").click()
    desk.get_by_label("Navy M").fill("12")
    desk.get_by_label("Red M").fill("-3")
    desk.get_by_role("button", name="Save order").click()
    expect(desk.locator("#cell-errors")).to_contain_text("Red, M")
    expect(desk.get_by_label("Navy M")).to_have_value("12")
    expect(desk.get_by_label("Red M")).to_have_value("-3")
    desk.get_by_label("Red M").fill("3")
    desk.get_by_role("button", name="Save order").click()
    order = session.query(Order).one()
    assert order.units == 15
    expect(desk.get_by_role("heading", level=1)).to_contain_text(str(order.code))
    complaints.clear()


@pytest.mark.window(viewport={"width": 390, "height": 844}, has_touch=True)
def test_it_works_on_a_phone(desk: Page, session: Session):
    desk.goto("/orders/new")
    desk.get_by_role("combobox", name="Customer").fill("wolver")
    desk.get_by_role("option").tap()
    desk.get_by_role("combobox", name="Add a product").fill("jersey")
    desk.get_by_role("option").tap()
    desk.get_by_label("Navy M").fill("12")
    desk.get_by_label("Navy L").tap()
    expect(desk.locator("#document-units")).to_have_text("12")
    desk.get_by_role("button", name="Save order").tap()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("O-20")
    assert session.query(Order).one().units == 12
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.fixture
def other(
    desk: Page, browser: Browser, live_url: str, sign_in: Callable[[Page, str], Page]
) -> Iterator[Page]:
    """Operations, in a browser of their own, at the order that the rep has just saved."""
    begin_order(desk)
    for label in ("Navy M", "Red M"):
        desk.get_by_label(label).fill("1")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("O-20")
    page = sign_in(browser.new_context(base_url=live_url).new_page(), "ops")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(desk.url)
    yield page
    page.context.close()


def test_rows_that_others_add_or_remove_come_and_go_without_a_reload(
    session: Session, desk: Page, other: Page, complaints: list[str]
):
    add_product(session, "SCK-1", "Crew sock", ["Black"])
    session.commit()
    other.get_by_role("combobox", name="Add a product").fill("sock")
    other.get_by_role("option").click()
    other.get_by_label("Black M").fill("5")
    other.get_by_role("button", name="Remove Red").click()
    expect(other.get_by_label("Red M")).to_have_count(0)
    expect(other.locator("#document-units")).to_have_text("6")
    desk.get_by_label("Navy L").fill("2")
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("region", name="Crew sock")).to_be_visible()
    expect(desk.get_by_label("Black M")).to_have_value("5")
    expect(desk.get_by_label("Red M")).to_have_count(0)
    desk.get_by_label("Black L").fill("3")  # what came is as good as what was there
    desk.keyboard.press("Tab")
    expect(desk.locator("#document-units")).to_have_text("11")


def test_a_second_edit_that_waited_asks_too(
    desk: Page, other: Page, session: Session, complaints: list[str]
):
    desk.route("**/lines", lambda route: (desk.wait_for_timeout(400), route.continue_()))
    cell = desk.get_by_label("Navy M")
    cell.fill("12")
    other.get_by_label("Navy M").fill("9")
    other.keyboard.press("Tab")
    expect(other.locator("#document-units")).to_have_text("10")
    cell.press("Tab")
    cell.fill("13")  # while the first is on its way
    cell.press("Tab")
    expect(desk.locator("#cell-errors")).to_contain_text("set it to 9 meanwhile; you typed 12")
    desk.wait_for_timeout(800)
    session.rollback()
    assert session.query(Order).one().units == 10
    expect(cell).to_have_value("13")
    desk.get_by_role("button", name="Keep 12").click()
    expect(desk.locator("#document-units")).to_have_text("14")  # what stands in the cell
    complaints.clear()


def test_two_people_at_once_lose_nothing(
    desk: Page, other: Page, session: Session, complaints: list[str]
):
    other.get_by_label("Navy L").fill("5")
    other.keyboard.press("Tab")
    expect(other.locator("#document-units")).to_have_text("7")
    desk.get_by_label("Navy XL").fill("7")
    desk.keyboard.press("Tab")
    expect(desk.locator("#document-units")).to_have_text("14")  # theirs is in the total
    expect(desk.get_by_label("Navy L")).to_have_value("5")  # and in its cell
    other.get_by_label("Navy M").fill("20")
    other.keyboard.press("Tab")
    expect(other.locator("#document-units")).to_have_text("33")
    desk.get_by_label("Navy M").fill("30")
    desk.keyboard.press("Tab")
    expect(desk.locator("#cell-errors")).to_contain_text("set it to 20 meanwhile; you typed 30")
    expect(desk.get_by_label("Navy M")).to_have_value("30")
    desk.get_by_role("button", name="Keep 30").click()
    expect(desk.locator("#document-units")).to_have_text("43")
    expect(desk.locator("#cell-errors")).to_be_empty()
    session.rollback()
    assert session.query(Order).one().units == 43
    complaints.clear()
