"""Maintenance at the desk: it is announced, and what one types meanwhile is not lost."""

from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tests.drafts import Draft
from tests.maintenance.conftest import Maintain, maintain  # noqa: F401 - a fixture
from wholesale.core.clock import now
from wholesale.maintenance.models import MaintenanceWindow
from wholesale.orders.models import OrderLine


def test_what_is_typed_meanwhile_stays_and_is_saved_afterwards(
    desk: Page,
    session: Session,
    draft: Draft,
    maintain: Maintain,  # noqa: F811
    complaints: list[str],
):
    desk.goto(f"/orders/{draft.ref}")
    maintain(message="Prices are being mended")
    cell = desk.get_by_label("Navy M", exact=True)
    cell.fill("12")
    desk.keyboard.press("Tab")
    expect(desk.locator("#toasts")).to_contain_text("Maintenance: Prices are being mended")
    expect(cell).to_have_value("12")
    session.execute(delete(MaintenanceWindow))
    session.commit()
    desk.wait_for_timeout(1100)  # a process looks once a second
    desk.get_by_label("Navy L", exact=True).fill("1")  # the next edit takes the kept one along
    desk.keyboard.press("Tab")
    expect(desk.locator("#document-units")).to_have_text("13")
    session.rollback()
    assert session.get_one(OrderLine, draft.lines["Navy"]).quantities == {"M": 12, "L": 1}
    assert all("503" in words for words in complaints)
    complaints.clear()


def let_pass(desk: Page, milliseconds: int) -> None:
    """Put the page's clock forward, once nothing is under way that would be given up by that."""
    expect(desk.locator(".htmx-request")).to_have_count(0)
    desk.clock.fast_forward(milliseconds)


def test_the_banner_counts_down_and_then_says_that_it_has_begun(
    desk: Page,
    session: Session,
    maintain: Maintain,  # noqa: F811
    complaints: list[str],
):
    maintain(now() + timedelta(minutes=20), ends_at=now() + timedelta(hours=2), message="Upgrade")
    desk.clock.install()
    desk.reload()
    banner = desk.locator("#maintenance")
    expect(banner).to_contain_text("Maintenance in 20 minutes. Upgrade. Save what you have open")
    let_pass(desk, 120_000)
    expect(banner).to_contain_text("in 18 minutes")
    maintain(message="Upgrade")  # it has begun
    let_pass(desk, 18 * 60_000)
    expect(banner).to_contain_text("Maintenance now")
    let_pass(desk, 2_000)
    expect(banner).to_contain_text("You can read everything; only administrators can save")
