"""Customers in a real browser: added, edited in place, shown everywhere, merged with others."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests.cast import Cast


def test_a_new_customer_is_at_once_in_list_picker_and_breadcrumb(desk: Page):
    desk.get_by_role("link", name="Customers", exact=True).click()
    desk.get_by_role("link", name="New customer").click()
    desk.get_by_label("Name", exact=True).press_sequentially("Wolvertn Wrestling")
    expect(desk.locator("#similar")).to_contain_text("Wolverton Wrestling Club")
    desk.get_by_label("Name", exact=True).fill("Ridge Runners")
    desk.get_by_label("City").fill("Ridge")
    desk.get_by_role("button", name="Add customer").click()
    expect(desk.locator("#crumbs")).to_contain_text("Ridge Runners")
    expect(desk.get_by_text("Ridge Runners is added.")).to_be_visible()
    desk.get_by_role("link", name="Customers", exact=True).first.click()
    expect(desk.get_by_role("row", name="Ridge Runners")).to_contain_text("Ridge")
    desk.keyboard.press("n")
    desk.get_by_role("combobox", name="Customer").fill("ridge")
    expect(desk.get_by_role("option", name="Ridge Runners")).to_be_visible()


def test_a_section_is_edited_in_place_and_the_title_follows(desk: Page, cast: Cast):
    desk.goto(f"/organizations/{cast.organization}")
    desk.evaluate("window.untouched = true")
    desk.get_by_role("link", name="Edit details").click()
    desk.get_by_label("Name", exact=True).fill("Wolves United")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Wolves United")
    expect(desk.get_by_role("link", name="Edit details")).to_be_visible()
    assert desk.evaluate("window.untouched") is True


def test_a_contact_is_added_and_edited_in_place(desk: Page, cast: Cast):
    desk.goto(f"/organizations/{cast.organization}")
    desk.get_by_role("link", name="Add", exact=True).click()
    desk.get_by_label("Name").fill("Nia North")
    desk.get_by_label("Primary contact").check()
    desk.get_by_role("button", name="Save contact").click()
    people = desk.locator("#contacts")
    expect(people.get_by_role("listitem").first).to_contain_text("Nia North Primary")
    people.get_by_role("link", name="Edit Nia North").click()
    desk.get_by_label("Phone").fill("555-0100")
    desk.get_by_role("button", name="Save contact").click()
    expect(people).to_contain_text("555-0100")


def test_two_people_change_one_field_and_neither_loses_it_silently(
    desk: Page,
    browser: Browser,
    live_url: str,
    sign_in: Callable[[Page, str], Page],
    cast: Cast,
    complaints: list[str],
):
    other = sign_in(browser.new_context(base_url=live_url).new_page(), "ops")
    for page in (desk, other):
        page.goto(f"/organizations/{cast.organization}")
        page.get_by_role("link", name="Edit details").click()
        expect(page.get_by_label("Territory")).to_be_visible()
    other.get_by_label("Territory").fill("North")
    other.get_by_label("Phone").fill("555-0199")
    other.get_by_role("button", name="Save details").click()
    expect(other.get_by_text("Saved.")).to_be_visible()
    desk.get_by_label("Territory").fill("South")
    desk.get_by_label("Payment terms").fill("Net 30")
    desk.get_by_role("button", name="Save details").click()
    clash = desk.locator(".clash")
    expect(clash).to_contain_text("South")
    expect(clash).to_contain_text("North")
    desk.get_by_role("button", name="Take theirs").click()
    expect(desk.get_by_label("Territory")).to_have_value("North")
    desk.get_by_role("button", name="Save details").click()
    expect(desk.locator("#details")).to_contain_text("Net 30")
    expect(desk.locator("#details")).to_contain_text("North")
    expect(desk.locator("#details")).to_contain_text("555-0199")
    other.context.close()
    complaints.clear()
