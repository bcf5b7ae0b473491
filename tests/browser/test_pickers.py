"""Pickers and the way back: quick fingers get what they typed."""

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.browser.test_main_job import begin_order


def test_enter_before_the_options_have_arrived_takes_what_was_typed(desk: Page, session: Session):
    desk.goto("/orders/new")
    box = desk.get_by_role("combobox", name="Customer")
    box.fill("b")
    expect(desk.get_by_role("option")).to_contain_text("Bärenfels")
    box.fill("wolverton")
    box.press("Enter")
    expect(desk.get_by_role("combobox", name="Add a product")).to_be_focused()
    expect(desk.locator("#order-title")).to_contain_text("Wolverton Wrestling Club")


def test_the_same_words_find_products_again_and_a_product_stands_once(desk: Page):
    begin_order(desk)
    box = desk.get_by_role("combobox", name="Add a product")
    for _ in range(2):
        box.press_sequentially("jrs")
        expect(desk.get_by_role("option")).to_have_count(1)
        box.press("Enter")
        expect(desk.get_by_text("This product is in the order already.").last).to_be_visible()
    expect(desk.locator(".grid-section")).to_have_count(1)


def test_going_back_to_a_draft_that_was_placed_shows_the_order(desk: Page):
    begin_order(desk)
    desk.keyboard.type("7")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("O-20")
    desk.go_back()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("O-20")
