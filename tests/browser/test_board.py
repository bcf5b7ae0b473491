"""The board with two people at it, by its menus, and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy.orm import Session

from tests.leads.conftest import Add, add  # noqa: F401 - a fixture
from wholesale.leads.models import Lead

SignIn = Callable[[Page, str], Page]


@pytest.fixture
def caps(add: Add) -> Lead:  # noqa: F811
    """A lead of the rep, beside a hot one."""
    add("Polos", stage="hot", value=200)
    return add("Caps", value=300)


def column(page: Page, name: str) -> Locator:
    """Return a column of the board."""
    return page.get_by_role("region", name=name, exact=True)


def test_dropping_a_card_where_it_was_changes_nothing(desk: Page, session: Session, caps: Lead):
    desk.goto("/leads")
    card = desk.locator(f"#lead-{caps.id}")
    card.drag_to(column(desk, "Lead"), target_position={"x": 60, "y": 150})
    expect(desk.locator(".over, .dragged")).to_have_count(0)
    expect(desk.locator("#count-lead")).to_have_text("1 · $300.00")
    session.rollback()
    assert session.get_one(Lead, caps.id).stage == "lead"


def test_a_card_is_moved_by_its_menu(desk: Page, caps: Lead):
    desk.goto("/leads?owner=me")
    card = desk.locator(f"#lead-{caps.id}")
    card.locator("summary").click()
    card.get_by_role("button", name="Current client").click()
    expect(column(desk, "Current client").get_by_role("link", name="Caps")).to_be_focused()
    expect(desk.locator("#count-lead")).to_have_text("0 · $0.00")
    expect(desk.locator("#progress.busy")).to_have_count(0)


def test_of_two_reps_who_claim_one_is_told_who_was_faster(
    desk: Page,
    browser: Browser,
    live_url: str,
    sign_in: SignIn,
    add: Add,  # noqa: F811
    complaints: list[str],
):
    card = f"#lead-{add('Hoodies', owner=None).id}"
    rival = sign_in(browser.new_context(base_url=live_url).new_page(), "sales2")
    for page in (desk, rival):
        page.goto("/leads")
    desk.locator(card).get_by_role("button", name="Claim").click()
    expect(desk.locator(card)).to_contain_text("Rita Rep")
    expect(desk.locator(card).locator("summary")).to_contain_text("Move")
    rival.locator(card).get_by_role("button", name="Claim").click()
    expect(rival.locator("[data-toast].bad")).to_contain_text("Rita Rep claimed it a moment ago.")
    rival.reload()
    expect(rival.locator(card)).to_have_count(0)
    rival.context.close()
    complaints.clear()


@pytest.mark.window(viewport={"width": 390, "height": 844})
def test_on_a_phone_the_columns_scroll_in_their_own_container(desk: Page, caps: Lead):
    desk.goto("/leads")
    assert desk.locator("#board").evaluate("b => b.scrollWidth > b.clientWidth")
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    card = desk.locator(f"#lead-{caps.id}")
    card.locator("summary").click()
    card.get_by_role("button", name="Hot", exact=True).click()
    expect(column(desk, "Hot").get_by_role("link", name="Caps")).to_be_visible()
