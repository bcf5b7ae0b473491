"""A change order in a real browser: typed on the grid, compared beside it, approved."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.browser.accessible import assert_accessible
from tests.cast import Cast
from wholesale.orders.models import Order


@pytest.fixture
def change(desk: Page, session: Session, cast: Cast) -> Page:
    """The page of a change of a confirmed order of twelve navy jerseys in M."""
    desk.goto("/orders/new?q=wolver")
    desk.get_by_role("option").click()
    desk.wait_for_url("**/orders/draft-*")
    desk.goto(f"{desk.url}/products?q=jersey")
    desk.get_by_role("option").click()
    desk.get_by_label("Navy M").fill("12")
    desk.get_by_role("button", name="Save order").click()
    expect(desk.locator("#workflow .badge")).to_have_text("New")
    session.query(Order).one().status = "sizes_validated"
    session.commit()
    desk.goto(f"{desk.url}/changes")
    desk.get_by_label("Why does it change?").fill("Two more players")
    desk.get_by_role("button", name="Begin a change").click()
    desk.wait_for_url("**/changes/O-*")
    return desk


def test_what_differs_follows_the_grid(change: Page):
    change.get_by_label("Navy M").fill("14")
    change.keyboard.press("Tab")
    expect(change.locator("#standing ins").first).to_have_text("14")
    expect(change.locator("#document-total")).to_have_text("$280.00")
    change.get_by_label("Navy L").fill("2")
    change.keyboard.press("Tab")
    expect(change.locator("#standing")).to_contain_text("Navy L")
    expect(change.locator("#standing tbody tr")).to_have_count(5)  # two cells, three sums


def test_the_pages_are_accessible(change: Page):
    change.get_by_label("Navy 2XL").fill("14")
    change.keyboard.press("Tab")
    expect(change.locator("#standing ins").first).to_have_text("14")
    url = change.url
    for address in (url, f"{url}/terms", "/changes"):
        assert_accessible(change, address)
