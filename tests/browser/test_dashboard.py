"""The dashboard in a browser: readable in each look, worked by keyboard, each figure a way in."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import LOOKS, assert_look
from tests.insight.test_figures import ZONE, trade  # noqa: F401 - a fixture
from wholesale.core.clock import today

SignIn = Callable[[Page, str], Page]


@pytest.mark.usefixtures("trade")
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_dashboard_is_accessible(
    page: Page,
    sign_in: SignIn,
    width: int,
    scheme: str,
):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    sign_in(page, "admin")
    assert_look(page, f"{width} px, {scheme}")
    page.get_by_text("As numbers").click()
    expect(page.get_by_role("columnheader", name="Of the quota")).to_be_visible()
    # Every month has its column, as wide as a finger needs beside the others, and none overlaps.
    boxes = [month.bounding_box() for month in page.locator(".month-column .around").all()]
    assert len(boxes) == 12
    for left, right in zip(boxes, boxes[1:], strict=False):
        assert left and right
        assert left["width"] > 20
        assert left["x"] + left["width"] <= right["x"] + 1
    names = page.locator(".chart .name:visible")
    assert names.count() == (12 if width == 1440 else 6)
    assert int(names.first.evaluate("name => getComputedStyle(name).fontSize").rstrip("px")) >= 12


@pytest.mark.usefixtures("trade")
def test_a_month_is_opened_by_keyboard_and_shows_what_it_counted(
    page: Page,
    sign_in: SignIn,
    complaints: list[str],
):
    sign_in(page, "sales")
    month = page.get_by_role("link", name=re.compile(f"^{today(ZONE):%B %Y}: .* in "))
    count = re.search(r" in (\d+) orders", month.get_attribute("aria-label") or "")
    assert count
    month.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders?*sold=y*")
    expect(page.get_by_text(f"{count[1]} orders", exact=True)).to_be_visible()
    assert complaints == []


@pytest.mark.usefixtures("trade")
@pytest.mark.window(viewport={"width": 390, "height": 844})
def test_a_customer_is_opened_on_a_phone(
    page: Page,
    sign_in: SignIn,
):
    sign_in(page, "sales")
    row = page.locator("#panel-customers tbody tr").first
    count = row.locator("td").first.inner_text()
    assert (row.get_by_role("link").bounding_box() or {})["height"] >= 44
    row.get_by_role("link").click()
    page.wait_for_url("**/orders?*organization=*")
    expect(page.get_by_text(f"{count} orders", exact=True)).to_be_visible()
