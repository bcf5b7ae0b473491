"""The views of orders in a real browser: switched, filtered, changed in bulk; and accessible."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from tests.browser.accessible import assert_accessible
from tests.cast import Cast
from wholesale.core.clock import now, today
from wholesale.orders.models import Order

VIEWS = ["/orders", "/orders?view=board", "/orders?view=calendar", "/orders?view=board&q=nothing"]


@pytest.fixture
def orders(session: Session, cast: Cast) -> None:
    """Six orders of the rep, one late, five wanted today."""
    for number in range(6):
        order = Order(code=f"O-{number}", name="Winter kit", placed_at=now(), units=12)
        order.organization_id, order.salesperson_id = cast.organization, cast.users["sales"]
        order.requested_delivery = today("America/New_York") - timedelta(days=number // 5)
        order.status, order.priority = ["production", "new"][number % 2], "normal"
        session.add(order)
    session.commit()


def test_every_view_is_accessible(desk: Page, orders: None, complaints: list[str]):
    for url in ["/", *VIEWS]:
        assert_accessible(desk, url)


def test_the_view_stays_while_one_filters_and_the_filter_while_one_switches(
    desk: Page, orders: None
):
    desk.goto("/orders")
    desk.evaluate("window.untouched = true")
    desk.get_by_role("link", name="Board", exact=True).click()
    expect(desk.get_by_role("region", name="Orders by status")).to_be_visible()
    desk.get_by_label("Search orders").fill("O-3")
    expect(desk.locator(".lead-card")).to_have_count(1)
    assert "view=board" in desk.url
    desk.get_by_role("link", name="Calendar", exact=True).click()
    expect(desk.locator("table.month li")).to_have_count(1)
    assert "q=O-3" in desk.url
    desk.get_by_role("link", name="Next month").click()
    expect(desk.get_by_text("No order is wanted in")).to_be_visible()
    desk.go_back()
    expect(desk.locator("table.month li")).to_have_count(1)
    assert desk.evaluate("window.untouched") is True


def test_a_month_is_a_list_of_days_on_a_phone(desk: Page, orders: None):
    desk.set_viewport_size({"width": 390, "height": 850})
    desk.goto("/orders?view=calendar")
    days = today("America/New_York").day
    expect(desk.locator("table.month td:visible")).to_have_count(2 if days > 1 else 1)
    desk.get_by_role("link", name="+1 more").click()
    expect(desk.locator("table.orders tbody tr")).to_have_count(5)


def test_chosen_orders_are_changed_without_a_reload(desk: Page, orders: None, session: Session):
    desk.set_viewport_size({"width": 1440, "height": 480})
    desk.goto("/orders?q=O-")
    desk.evaluate("window.untouched = true")
    desk.get_by_label("Choose all on this page").check()
    desk.get_by_label("Choose O-5").uncheck()
    desk.get_by_label("Priority", exact=True).select_option("high")
    desk.get_by_role("button", name="Set priority").click()
    expect(desk.locator("#bulk-answer")).to_contain_text("5 changed, of high priority.")
    expect(desk.locator("#bulk-answer")).to_be_in_viewport()
    expect(desk.locator(".orders .badge", has_text="High priority")).to_have_count(5)
    assert desk.evaluate("window.untouched") is True
    assert session.query(Order).filter_by(priority="high").count() == 5


def test_chosen_orders_are_exported(desk: Page, orders: None):
    desk.goto("/orders")
    desk.get_by_label("Choose O-2").check()
    with desk.expect_download() as found:
        desk.get_by_role("button", name="Export CSV").click()
    text = found.value.path().read_text()
    assert "O-2" in text
    assert "O-1" not in text


def test_bulk_actions_work_without_javascript(
    browser: Browser, desk: Page, orders: None, live_url: str
):
    state = desk.context.storage_state()
    plain = browser.new_context(java_script_enabled=False, base_url=live_url, storage_state=state)
    page = plain.new_page()
    page.goto("/orders?q=O-4")
    page.get_by_label("Choose O-4").check()
    page.get_by_label("Priority", exact=True).select_option("low")
    page.get_by_role("button", name="Set priority").click()
    expect(page.get_by_text("1 changed, of low priority.")).to_be_visible()
    page.get_by_role("link", name="Back to the orders").click()
    assert page.url.endswith("/orders?q=O-4")
    plain.close()
