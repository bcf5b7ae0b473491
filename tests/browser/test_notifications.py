"""The bell: its count comes by itself, and leads to what happened."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.cast import Cast
from wholesale.notifications.models import Notification


def tell(session: Session, cast: Cast, words: str) -> None:
    session.add(Notification(user_id=cast.users["sales"], kind="quote", text=words, path="/quotes"))
    session.commit()


def test_the_count_comes_by_itself_and_goes_once_it_is_read(
    page: Page,
    sign_in: Callable[[Page, str], Page],
    session: Session,
    cast: Cast,
    complaints: list[str],
):
    page.clock.install()
    desk = sign_in(page, "sales")
    expect(desk.get_by_role("link", name="Notifications", exact=True)).to_be_visible()
    tell(session, cast, "Q-1 was accepted by Ann")
    page.clock.fast_forward(61_000)
    bell = desk.get_by_role("link", name="Notifications, 1 unread")
    expect(bell).to_be_visible()
    bell.click()
    desk.get_by_role("button", name="Q-1 was accepted by Ann").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Quotes")
    expect(desk.get_by_role("link", name="Notifications", exact=True)).to_be_visible()
