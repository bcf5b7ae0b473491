"""The shell in a real browser: moving about, focus, progress, failures, shortcuts, theme."""

import re

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tests.browser.test_main_job import begin_order
from wholesale.orders.models import Order


def test_moving_about_swaps_the_page_with_its_title_breadcrumb_and_mark(desk: Page):
    desk.evaluate("window.untouched = true")
    desk.get_by_role("link", name="Customers", exact=True).click()
    expect(desk).to_have_title("Customers · WholesaleOS")
    expect(desk.locator("#crumbs")).to_have_text("Customers")
    expect(desk.locator(".rail [aria-current]")).to_have_text("Customers")
    expect(desk.locator("#main")).to_be_focused()
    desk.get_by_role("link", name="Wolverton Wrestling Club").click()
    expect(desk.locator("#crumbs")).to_contain_text("Wolverton Wrestling Club")
    desk.go_back()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Customers")
    assert desk.evaluate("window.untouched") is True


def test_filtering_keeps_the_caret_and_puts_the_filter_into_the_address(desk: Page):
    desk.goto("/organizations")
    search = desk.get_by_label("Search customers")
    search.press_sequentially("zebra")
    expect(desk.get_by_text("No customer matches")).to_be_visible()
    search.fill("bär")
    expect(desk.get_by_role("link", name="Bärenfels Athletics")).to_be_visible()
    expect(desk.get_by_role("link", name="Wolverton")).to_have_count(0)
    expect(search).to_be_focused()
    expect(desk).to_have_url(re.compile("q=b"))


def test_a_failed_request_shows_what_failed_and_its_id_and_leaves_the_page(
    desk: Page, complaints: list[str], session: Session
):
    begin_order(desk)
    session.execute(delete(Order))
    session.commit()
    desk.get_by_label("Navy M").fill("4")
    desk.keyboard.press("Tab")
    toast = desk.locator("[data-toast].bad")
    expect(toast).to_contain_text("There is no such order.")
    expect(toast).to_contain_text(re.compile(r"\([0-9a-f]{12}\)"))
    expect(desk.get_by_label("Navy M")).to_have_value("4")
    complaints.clear()


def test_a_ctrl_click_opens_another_tab(desk: Page):
    with desk.context.expect_page() as opened:
        link = desk.get_by_role("link", name="Catalog", exact=True)
        link.click(modifiers=["ControlOrMeta"])
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Catalog")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Dashboard")


def test_a_lost_connection_says_so_and_the_next_edit_sends_the_lost_one_too(
    desk: Page, complaints: list[str]
):
    begin_order(desk)
    desk.context.set_offline(True)
    desk.get_by_label("Navy M").fill("4")
    desk.keyboard.press("Tab")
    expect(desk.locator("[data-toast].bad")).to_contain_text("could not be reached")
    desk.context.set_offline(False)
    desk.get_by_label("Navy L").fill("5")
    desk.keyboard.press("Tab")
    expect(desk.locator("#document-units")).to_have_text("9")
    complaints.clear()


def test_a_proxys_error_page_is_never_swapped_in(desk: Page, complaints: list[str]):
    def broken(route: Route) -> None:
        route.fulfill(status=502, body="<h1>Bad gateway</h1>")

    desk.route("**/products", broken)
    desk.get_by_role("link", name="Catalog", exact=True).click()
    expect(desk.locator("[data-toast].bad")).to_contain_text("did not answer as expected")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Dashboard")
    complaints.clear()


def test_every_request_shows_progress(desk: Page):
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.route("**/organizations", hold)
    desk.get_by_role("link", name="Customers", exact=True).click()
    expect(desk.locator("#progress")).to_have_class(re.compile("busy"))
    held[0].continue_()
    expect(desk.locator("#progress")).not_to_have_class(re.compile("busy"))


def test_details_are_edited_in_place_and_shown_in_the_title_at_once(desk: Page):
    begin_order(desk)
    desk.get_by_role("link", name="Edit").click()
    name = desk.get_by_label("Name")
    expect(name).to_be_focused()
    name.fill("Fall set")
    name.press("Control+Enter")
    expect(desk.locator("#order-title")).to_contain_text("Fall set")
    expect(desk.get_by_text("Details saved.")).to_be_visible()
    expect(desk.get_by_role("link", name="Edit")).to_be_visible()


def test_removing_a_row_with_units_asks_first(desk: Page):
    begin_order(desk)
    desk.get_by_label("Red M").fill("4")
    desk.keyboard.press("Tab")
    expect(desk.locator("#document-units")).to_have_text("4")
    asked: list[str] = []

    def answer(dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    desk.on("dialog", answer)
    desk.get_by_role("button", name="Remove Red").click()
    expect(desk.locator("#document-units")).to_have_text("0")
    expect(desk.get_by_role("row", name="Red")).to_have_count(0)
    assert asked == ["Remove Red with 4 units? This cannot be undone."]


def test_shortcuts_open_the_sheet_and_the_search(desk: Page):
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("/")
    expect(desk.get_by_label("Search everything")).to_be_focused()
    desk.keyboard.type("jersey")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("link", name="JRS-1")).to_be_visible()


@pytest.mark.window(color_scheme="light")
def test_the_theme_switch_is_remembered(desk: Page):
    desk.get_by_role("button", name="Switch between light and dark").click()
    expect(desk.locator("html")).to_have_attribute("data-theme", "dark")
    desk.reload()
    expect(desk.locator("html")).to_have_attribute("data-theme", "dark")
