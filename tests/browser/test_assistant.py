"""The assistant in a real browser: an order from a mail, cancelled, a mail drafted, a question."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.assistant.conftest import gemini  # noqa: F401 - a fixture
from tests.assistant.test_rows import MAIL, ROWS
from tests.browser.accessible import assert_accessible, assert_each_look
from tests.cast import Cast
from tests.standins.gemini import Gemini
from wholesale.customers.models import Contact
from wholesale.orders.models import Order


@pytest.fixture
def order(desk: Page, gemini: Gemini, cast: Cast, session: Session) -> Iterator[Page]:  # noqa: F811
    """The rep at a new order of the wrestling club, at the page of pasted rows."""
    desk.goto(f"/organizations/{cast.organization}")
    desk.get_by_role("button", name="New order").click()
    desk.get_by_role("link", name="Paste rows").click()
    desk.get_by_role("link", name="From a mail or file").click()
    expect(desk.get_by_role("heading", name="From a mail or file")).to_be_visible()
    yield desk


def test_an_order_from_a_mail(order: Page, gemini: Gemini, session: Session):  # noqa: F811
    gemini.says = ROWS
    order.get_by_label("Mail").fill(MAIL)
    order.get_by_role("button", name="Propose rows").click()
    expect(order.get_by_role("heading", name="2 of 3 rows are ready, 15 units")).to_be_visible()
    expect(order.get_by_text("“3 red ones in XXL”")).to_be_visible()
    expect(order).to_have_url(f"{order.url.rpartition('/paste')[0]}/paste")
    assert session.query(Order).one().units == 0
    order.get_by_role("button", name="Add 2 rows").click()
    expect(order.get_by_text("2 rows are added.")).to_be_visible()
    expect(order.get_by_text("“5 umbrellas”")).to_be_visible()
    session.rollback()
    assert session.query(Order).one().units == 15


def test_a_slow_answer_is_cancelled(order: Page, gemini: Gemini, session: Session):  # noqa: F811
    gemini.says, gemini.delay = ROWS, 4
    order.get_by_label("Mail").fill(MAIL)
    order.get_by_role("button", name="Propose rows").click()
    expect(order.get_by_text("Asking the AI service")).to_be_visible()
    order.get_by_role("button", name="Cancel").click()
    expect(order.get_by_text("Asking the AI service")).to_be_hidden()
    expect(order.get_by_label("Mail")).to_have_value(MAIL)
    expect(order.get_by_role("button", name="Propose rows")).to_be_enabled()
    expect(order.locator("[data-toast]")).to_have_count(0)
    gemini.delay = 0
    order.get_by_role("button", name="Propose rows").click()
    expect(order.get_by_role("heading", name="2 of 3 rows are ready, 15 units")).to_be_visible()


def test_a_draft_is_edited_before_it_is_opened(
    desk: Page,
    gemini: Gemini,  # noqa: F811
    cast: Cast,
    session: Session,
):
    session.get_one(Contact, cast.contact).email = "coach@club.example"
    session.commit()
    gemini.says = {"subject": "Sizes", "body": "Hello"}
    desk.goto(f"/organizations/{cast.organization}")
    desk.get_by_role("link", name="Draft a mail").click()
    desk.get_by_label("What for").fill("Ask for sizes")
    desk.get_by_role("button", name="Draft it").click()
    expect(desk.get_by_label("Subject")).to_have_value("Sizes")
    desk.get_by_label("Text").fill("Hello & welcome")
    desk.evaluate("addEventListener('click', (event) => event.preventDefault())")
    link = desk.get_by_role("link", name="Open in mail program")
    link.click()
    wanted = "mailto:coach@club.example?subject=Sizes&body=Hello%20%26%20welcome"
    expect(link).to_have_attribute("href", wanted)


def test_the_pages_are_accessible(
    desk: Page,
    gemini: Gemini,  # noqa: F811
    cast: Cast,
):
    for url in ("assistant/summary", "assistant/mail"):
        assert_accessible(desk, f"/organizations/{cast.organization}/{url}")
    assert_accessible(desk, "/ask?q=late orders")
    gemini.says = {"which": "orders", "filters": [{"name": "late", "value": "y"}], "sort": ""}
    desk.get_by_role("button", name="Ask").click()
    expect(desk.get_by_role("link", name="Open this list")).to_be_visible()
    assert_each_look(desk)
