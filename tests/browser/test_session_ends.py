"""A session that ends while somebody works: sign in over the page, and nothing is retyped."""

from collections.abc import Callable

from playwright.sync_api import Dialog, Page, expect
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tests.browser.conftest import SignIn
from tests.browser.test_main_job import begin_order
from tests.cast import EMAILS, PASSWORD, Cast
from wholesale.accounts.models import SignInSession
from wholesale.orders.models import Order


def type_after_the_session_ended(page: Page, session: Session) -> None:
    """Begin an order, let the session end, and type 4 into a cell."""
    begin_order(page)
    session.execute(delete(SignInSession))
    session.commit()
    page.get_by_label("Navy M").fill("4")
    page.keyboard.press("Tab")


def sign_in_over_the_page(page: Page) -> None:
    """Fill in the dialog that an ended session opens."""
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Your session has ended")
    dialog.get_by_label("E-mail").fill(EMAILS["sales"])
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_have_count(0)


def test_the_sign_in_form_leads_to_the_dashboard(
    page: Page, sign_in_by_form: SignIn, complaints: list[str]
):
    sign_in_by_form(page, "sales")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dashboard")


def test_a_session_that_ends_in_mid_work_is_renewed_in_place_and_the_edit_sent_again(
    desk: Page, complaints: list[str], session: Session
):
    type_after_the_session_ended(desk, session)
    sign_in_over_the_page(desk)
    expect(desk.locator("#document-units")).to_have_text("4")
    desk.get_by_label("Navy L").fill("5")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("O-20")
    assert session.query(Order).one().units == 9
    complaints.clear()


def test_a_wrong_password_over_the_page_says_so_and_asks_again(
    desk: Page, complaints: list[str], session: Session
):
    session.execute(delete(SignInSession))
    session.commit()
    desk.get_by_role("link", name="Customers", exact=True).click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill(EMAILS["sales"])
    dialog.get_by_label("Password").fill("wrong")
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_contain_text("do not belong together")
    sign_in_over_the_page(desk)
    expect(desk.get_by_role("heading", level=1)).to_have_text("Customers")
    complaints.clear()


def test_signing_in_anew_in_another_tab_does_not_lose_the_edit_in_this_one(
    desk: Page, sign_in: Callable[[Page, str], Page], complaints: list[str], session: Session
):
    begin_order(desk)
    desk.context.clear_cookies()
    sign_in(desk.context.new_page(), "sales")
    desk.get_by_label("Navy M").fill("4")
    desk.keyboard.press("Tab")
    expect(desk.locator("#document-units")).to_have_text("4")
    complaints.clear()


def test_putting_the_dialog_off_asks_again_and_loses_nothing(
    desk: Page, complaints: list[str], session: Session
):
    type_after_the_session_ended(desk, session)
    expect(desk.get_by_role("dialog")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    desk.get_by_label("Navy L").fill("5")
    desk.keyboard.press("Tab")
    sign_in_over_the_page(desk)
    expect(desk.locator("#document-units")).to_have_text("9")
    complaints.clear()


def test_somebody_else_who_signs_in_does_not_send_the_first_ones_edit(
    desk: Page, complaints: list[str], session: Session
):
    type_after_the_session_ended(desk, session)
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill(EMAILS["ops"])
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Not found")
    assert session.query(Order).one().units == 0
    complaints.clear()


def test_sending_a_form_is_no_leaving_and_asks_nothing(
    page: Page, sign_in: Callable[[Page, str], Page], cast: Cast
):
    asked: list[str] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", note)
    sign_in(page, "sales")
    page.goto("/account")
    page.get_by_label("Phone").press_sequentially("555")
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Profile saved.")).to_be_visible()
    assert asked == []
