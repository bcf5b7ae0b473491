"""The size grid on a phone: each colour opens into its sizes, each a number between − and +."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.browser.accessible import assert_look
from tests.drafts import Draft
from wholesale.orders.models import OrderLine

pytestmark = pytest.mark.window(viewport={"width": 390, "height": 844}, has_touch=True)


def test_sizes_are_stepped_in_an_open_row(desk: Page, session: Session, draft: Draft):
    desk.goto(f"/orders/{draft.ref}")
    red = desk.get_by_label("Red M", exact=True)
    expect(red).to_be_hidden()
    toggle = desk.get_by_role("button", name="Sizes of Red")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.tap()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    more = desk.get_by_role("button", name="One more: M, Red", exact=True)
    for _ in range(3):
        more.tap()
    desk.get_by_role("button", name="One less: M, Red", exact=True).tap()
    expect(red).to_have_value("2")
    expect(desk.locator("#document-units")).to_have_text("2")
    session.rollback()
    assert session.get_one(OrderLine, draft.lines["Red"]).quantities == {"M": 2}
    box = more.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    toggle.tap()
    expect(red).to_be_hidden()


def test_enter_goes_on_to_the_next_size(desk: Page, draft: Draft):
    desk.goto(f"/orders/{draft.ref}")
    desk.get_by_label("Navy S", exact=True).fill("3")
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Navy M", exact=True)).to_be_focused()
    expect(desk.locator("#document-units")).to_have_text("3")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_nothing_scrolls_sideways(desk: Page, draft: Draft, scheme: str):
    desk.emulate_media(color_scheme=scheme)
    desk.goto(f"/orders/{draft.ref}")
    assert_look(desk, f"loaded on a phone, {scheme}")
    wraps = desk.locator(".grid-wrap")
    assert wraps.evaluate_all("all => all.every(wrap => wrap.scrollWidth <= wrap.clientWidth)")


@pytest.mark.window(java_script_enabled=False, viewport={"width": 390, "height": 844})
def test_without_javascript_every_size_is_there(desk: Page, draft: Draft):
    desk.goto(f"/orders/{draft.ref}")
    for colour in draft.lines:
        expect(desk.get_by_label(f"{colour} M", exact=True)).to_be_visible()
    expect(desk.get_by_role("button", name="Sizes of Red")).to_be_hidden()
