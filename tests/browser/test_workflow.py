"""The order's status panel: gates close on the page, steps are taken without a reload."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.browser.accessible import assert_look
from tests.cast import Cast
from wholesale.customers.models import Contact
from wholesale.orders.models import Order


@pytest.fixture
def order(desk: Page, session: Session, cast: Cast) -> Page:
    """The page of a placed order of eleven jerseys, one below the minimum."""
    session.get_one(Contact, cast.contact).email = "coach@wolves.example"
    session.commit()
    desk.goto("/orders/new?q=wolver")
    desk.get_by_role("option").click()
    desk.wait_for_url("**/orders/draft-*")
    desk.goto(f"{desk.url}/products?q=jersey")
    desk.get_by_role("option").click()
    desk.get_by_label("Navy M").fill("11")
    desk.get_by_role("button", name="Save order").click()
    expect(desk.locator("#workflow .badge")).to_have_text("New")
    return desk


def test_steps_and_gates(order: Page, session: Session):
    panel = order.locator("#workflow")
    order.evaluate("window.stayed = true")
    panel.get_by_role("button", name="Ask for sizes").click()
    expect(panel.locator(".badge")).to_have_text("Waiting for sizes")
    expect(order.locator("#order-title .badge")).to_have_text("Waiting for sizes")

    expect(panel.get_by_text("Not tracked yet.")).to_be_visible()
    panel.get_by_role("link", name="Edit details").click()
    order.get_by_label("Needs no design").check()
    order.get_by_role("button", name="Save details").click()
    panel.get_by_role("button", name="Start the design").click()

    expect(panel.get_by_text("Home jersey: 11 of at least 12")).to_be_visible()
    order.get_by_label("Navy M").fill("12")
    order.keyboard.press("Tab")
    expect(panel.get_by_text("Home jersey: 11 of at least 12")).to_have_count(0)
    panel.get_by_role("button", name="Confirm sizes").click()
    panel.get_by_role("button", name="Close sizes and design").click()
    expect(panel.locator(".badge")).to_have_text("Sizes confirmed")
    assert order.evaluate("window.stayed")
    assert session.query(Order).one().status == "sizes_validated"


@pytest.mark.parametrize("width", [1440, 390])
def test_a_reason_that_is_missing_is_asked_for_in_place(
    order: Page, complaints: list[str], width: int
):
    order.set_viewport_size({"width": width, "height": 850})
    panel = order.locator("#workflow")
    panel.get_by_text("Other steps").click()
    panel.get_by_role("button", name="Cancel the order").click()
    expect(panel.get_by_text("Say why.")).to_be_visible()
    assert_look(order, f"{width} px")
    panel.get_by_label("Reason").fill("customer withdrew")
    panel.get_by_role("button", name="Cancel the order").click()
    expect(panel.locator(".badge")).to_have_text("Cancelled")
    complaints.clear()  # the 422 is reported by the browser


@pytest.mark.window(java_script_enabled=False)
def test_without_javascript(order: Page):
    order.get_by_role("button", name="Ask for sizes").click()
    expect(order.locator("#workflow .badge")).to_have_text("Waiting for sizes")
