"""A quote in a real browser: from the lead to the customer's phone, to the order."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from tests.browser.accessible import assert_accessible
from tests.cast import Cast
from wholesale.orders.models import Order
from wholesale.quotes.models import QuoteDecision


@pytest.fixture
def quote(desk: Page) -> Page:
    """The page of a quote of twelve navy jerseys in M."""
    desk.goto("/quotes/new?q=wolver")
    desk.get_by_role("option").click()
    desk.wait_for_url("**/quotes/Q-*")
    desk.goto(f"{desk.url}/products?q=jersey")
    desk.get_by_role("option").click()
    desk.get_by_label("Navy M").fill("12")
    desk.keyboard.press("Tab")
    expect(desk.locator("#document-total")).to_have_text("$240.00")
    return desk


def sent(page: Page) -> str:
    """Send the quote and return a customer's link to it."""
    page.get_by_role("button", name="Send quote").click()
    expect(page.locator("#quote-title .badge")).to_have_text("Sent")
    page.get_by_role("button", name="Make a link").click()
    return page.get_by_role("textbox", name="Link").input_value()


def on_a_phone(browser: Browser, link: str, live_url: str) -> Page:
    """Open the link as the customer does."""
    window = browser.new_context(viewport={"width": 390, "height": 844})
    page = window.new_page()
    page.set_default_timeout(8000)
    page.goto(live_url + "/l/" + link.partition("/l/")[2])
    return page


def test_from_the_offer_to_the_order(
    quote: Page, browser: Browser, live_url: str, session: Session
):
    link = sent(quote)
    phone = on_a_phone(browser, link, live_url)
    expect(phone.get_by_text("$240.00").first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.get_by_role("button", name="Accept the quote").click()
    expect(phone.get_by_text("Type your name")).to_be_visible()
    phone.get_by_label("Your name").fill("Coach Carter")
    phone.get_by_role("button", name="Accept the quote").dblclick()
    expect(phone.get_by_text("Accepted by Coach Carter")).to_be_visible()
    assert session.query(QuoteDecision).count() == 1
    quote.get_by_role("link", name="Back to the quote").click()
    expect(quote.locator("#standing")).to_contain_text("Accepted by Coach Carter")
    quote.get_by_role("button", name="Make it an order").dblclick()
    quote.wait_for_url("**/orders/O-*")
    expect(quote.locator("#document-total")).to_have_text("$240.00")
    order = session.query(Order).one()
    assert (order.total, order.quote.status) == (Decimal("240.00"), "accepted")
    phone.context.close()


def test_a_revision_is_shown_to_who_looked_at_the_first(
    quote: Page, browser: Browser, live_url: str, session: Session
):
    quote_url = quote.url
    phone = on_a_phone(browser, sent(quote), live_url)
    quote.goto(quote_url)
    quote.get_by_role("button", name="Revise").click()
    quote.get_by_label("Navy M").fill("20")
    quote.keyboard.press("Tab")
    expect(quote.locator("#standing ins").first).to_have_text("20")
    quote.get_by_role("button", name="Send revision 2").click()
    expect(quote.locator("#quote-title .badge")).to_have_text("Sent")
    phone.get_by_label("Your name").fill("Coach Carter")
    phone.get_by_role("button", name="Accept the quote").click()
    expect(phone.get_by_role("alert")).to_contain_text("The offer has changed")
    expect(phone.locator("ins").first).to_have_text("20")
    expect(phone.get_by_label("Your name")).to_have_value("Coach Carter")
    phone.get_by_role("button", name="Accept the quote").click()
    expect(phone.get_by_text("Accepted by Coach Carter")).to_be_visible()
    assert session.query(QuoteDecision).one().revision.number == 2
    phone.context.close()


def test_details_and_totals_follow_without_a_reload(quote: Page):
    quote.evaluate("window.stayed = true")
    quote.get_by_role("link", name="Edit").click()
    quote.get_by_label("Discount %").fill("10")
    quote.get_by_label("Name").fill("Season kit")
    quote.get_by_role("button", name="Save details").click()
    expect(quote.locator("#document-total")).to_have_text("$216.00")
    expect(quote.locator("#quote-title")).to_contain_text("Season kit")
    assert quote.evaluate("window.stayed")


@pytest.mark.window(java_script_enabled=False)
def test_without_javascript(page: Page, sign_in: Callable[[Page, str], Page], session: Session):
    desk = sign_in(page, "sales")
    desk.goto("/quotes/new?q=wolver")
    desk.get_by_role("option").click()
    desk.get_by_role("combobox", name="Add a product").fill("jersey")
    desk.get_by_role("button", name="Find").click()
    desk.get_by_role("option").click()
    desk.get_by_label("Navy M").fill("12")
    desk.get_by_role("button", name="Save quantities").click()
    expect(desk.locator("#document-total")).to_have_text("$240.00")
    desk.get_by_role("button", name="Send quote").click()
    expect(desk.locator("#quote-title .badge")).to_have_text("Sent")
    desk.get_by_role("button", name="Make it an order").click()
    expect(desk.get_by_role("heading", name="O-")).to_be_visible()
    assert session.query(Order).one().units == 12


def test_the_pages_are_accessible(quote: Page, live_url: str, session: Session, cast: Cast):
    url = quote.url
    for address in (url, f"{url}/details", f"{url}/print", "/quotes", "/quotes/new?q=wolver"):
        assert_accessible(quote, address)
    quote.goto(url)
    link = sent(quote)
    for address in (url, f"{url}/revisions/1", live_url + "/l/" + link.partition("/l/")[2]):
        assert_accessible(quote, address)
