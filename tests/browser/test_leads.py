"""Leads in a real browser: dragged, moved by keyboard, added, claimed, converted; no scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.leads.conftest import Add, add, lead  # noqa: F401 - fixtures
from wholesale.leads.models import Lead

SignIn = Callable[[Page, str], Page]


def column(page: Page, stage: str) -> Locator:
    """Return one column of the board."""
    return page.locator(f'[data-stage="{stage}"]')


def open_board(page: Page) -> None:
    """Open the board and mark the page, so that a reload would be noticed."""
    page.goto("/leads")
    expect(page.locator("#board")).to_be_visible()
    page.evaluate("window.untouched = true")


def test_a_card_is_dragged_to_another_column(desk: Page, lead: Lead, session: Session):  # noqa: F811
    open_board(desk)
    card, target = desk.locator(f"#lead-{lead.id}"), column(desk, "mock_up").locator(".cards")
    card.hover(position={"x": 150, "y": 60})
    desk.mouse.down()
    desk.mouse.move(500, 400)
    target.hover()
    target.hover()
    desk.mouse.up()
    expect(column(desk, "mock_up")).to_contain_text("Singlets")
    expect(column(desk, "lead")).not_to_contain_text("Singlets")
    expect(desk.locator("#count-mock_up")).to_contain_text("1 · ")
    expect(desk.locator("#count-lead")).to_contain_text("0 · ")
    assert desk.evaluate("window.untouched") is True
    session.refresh(lead)
    assert lead.stage == "mock_up"


def test_a_card_is_moved_by_keyboard_and_keeps_the_focus(
    desk: Page,
    lead: Lead,  # noqa: F811
    session: Session,
):
    open_board(desk)
    desk.get_by_role("link", name="Singlets").focus()
    for stage in ("hot", "mock_up"):
        desk.keyboard.press("Alt+ArrowRight")
        expect(column(desk, stage)).to_contain_text("Singlets")
        expect(desk.get_by_role("link", name="Singlets")).to_be_focused()
    desk.keyboard.press("Alt+ArrowLeft")
    expect(column(desk, "hot")).to_contain_text("Singlets")
    assert desk.evaluate("window.untouched") is True
    session.refresh(lead)
    assert lead.stage == "hot"


def test_a_card_that_another_moved_comes_to_where_it_is_now(
    desk: Page,
    lead: Lead,  # noqa: F811
    session: Session,
    complaints: list[str],
):
    open_board(desk)
    lead.stage = "no_answer"
    session.commit()
    desk.get_by_role("link", name="Singlets").focus()
    desk.keyboard.press("Alt+ArrowRight")
    expect(desk.get_by_text("moved “Singlets” to No answer meanwhile.")).to_be_visible()
    expect(column(desk, "no_answer")).to_contain_text("Singlets")
    expect(column(desk, "hot")).not_to_contain_text("Singlets")
    complaints.clear()  # the browser reports the 409


def test_a_new_lead_is_at_once_in_breadcrumb_card_and_counter(desk: Page, cast: Cast):
    desk.get_by_role("link", name="Leads", exact=True).first.click()
    expect(desk.get_by_text("No lead yet")).to_be_visible()
    desk.evaluate("window.untouched = true")
    desk.get_by_role("link", name="New lead").first.click()
    desk.get_by_label("Company").press_sequentially("Wolvertn Wrestling")
    expect(desk.locator("#similar")).to_contain_text("Wolverton Wrestling Club")
    desk.get_by_label("Company").fill("Ridge Runners")
    desk.get_by_label("What it is about").fill("Fall singlets")
    desk.get_by_label("Value").fill("1200")
    desk.get_by_role("button", name="Add lead").click()
    expect(desk.locator("#crumbs")).to_contain_text("L-")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Fall singlets")
    desk.locator("#crumbs").get_by_role("link", name="Leads").click()
    expect(column(desk, "lead")).to_contain_text("Fall singlets")
    expect(desk.locator("#count-lead")).to_have_text("1 · $1,200.00")
    assert desk.evaluate("window.untouched") is True


def test_a_customer_is_taken_from_the_suggestions_and_typed_words_stay(desk: Page, cast: Cast):
    desk.goto("/leads/new")
    desk.get_by_label("What it is about").fill("Fall singlets")
    desk.get_by_label("Company").press_sequentially("Wolvertn Wrestling")
    desk.get_by_role("button", name="Use this customer").click()
    expect(desk.get_by_label("Contact")).to_contain_text("Coach Carter")
    expect(desk.get_by_label("What it is about")).to_have_value("Fall singlets")
    desk.get_by_role("button", name="Add lead").click()
    expect(desk.locator("#lead-title")).to_contain_text("Wolverton Wrestling Club")


def test_a_lead_is_claimed_edited_noted_and_converted_without_a_reload(
    desk: Page,
    add: Add,  # noqa: F811
):
    free = add("Caps", owner=None, idle=20, person="Ana Ridge")
    open_board(desk)
    desk.get_by_role("button", name="Claim Caps").click()
    expect(desk.locator(f"#lead-{free.id}")).to_contain_text("Rita Rep")
    desk.get_by_role("link", name="Caps").click()
    expect(desk.locator("#lead-title")).to_contain_text("Stale")
    desk.get_by_label("What happened").fill("Called Ana.")
    desk.get_by_role("button", name="Add to the timeline").click()
    expect(desk.locator("#timeline")).to_contain_text("Called Ana.")
    expect(desk.locator("#lead-title")).not_to_contain_text("Stale")
    desk.get_by_role("link", name="Edit what and how much").click()
    desk.get_by_label("What it is about").fill("Trucker caps")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Trucker caps")
    desk.get_by_role("button", name="Mock-up sent").click()
    expect(desk.locator("#lead-title")).to_contain_text("Mock-up sent")
    desk.get_by_role("button", name="Convert to customer and quote").click()
    expect(desk.locator("#crumbs")).to_contain_text("Quotes")
    expect(desk.get_by_text("Ridge Runners is a customer; this is its quote.")).to_be_visible()
    assert desk.evaluate("window.untouched") is True


@pytest.fixture
def plain(browser: Browser, live_url: str, sign_in: SignIn, cast: Cast) -> Page:
    """The rep at a browser without JavaScript."""
    context = browser.new_context(base_url=live_url, java_script_enabled=False)
    return sign_in(context.new_page(), "sales")


def test_without_javascript_a_lead_is_claimed_moved_and_converted(
    plain: Page,
    add: Add,  # noqa: F811
    session: Session,
):
    free = add("Caps", owner=None, person="Ana Ridge")
    plain.goto("/leads?q=caps")
    plain.get_by_role("button", name="Claim Caps").click()
    expect(plain.get_by_text("is yours.")).to_be_visible()
    assert plain.url.endswith("/leads?q=caps")
    plain.get_by_text("Move Caps").click()
    plain.get_by_role("button", name="Hot").click()
    expect(column(plain, "hot")).to_contain_text("Caps")
    assert plain.url.endswith("/leads?q=caps")
    plain.get_by_role("link", name="Caps").click()
    plain.get_by_role("button", name="Convert to customer and quote").click()
    expect(plain.get_by_text("Ridge Runners is a customer; this is its quote.")).to_be_visible()
    session.refresh(free)
    assert free.converted_at is not None
    plain.context.close()
