"""The catalog in a real browser: a product made, its grid filled by keyboard, pictures added."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.pictures import png
from wholesale.catalog.models import Product, SizeRun, Variant

SignIn = Callable[[Page, str], Page]


@pytest.fixture
def ops(page: Page, sign_in: SignIn, complaints: list[str], cast: Cast, session: Session) -> Page:
    """The browser of operations, signed in."""
    return sign_in(page, "ops")


def grid_of(page: Page) -> list[list[str]]:
    """Return what the grid's fields hold, row by row."""
    cells = "[...row.querySelectorAll('td input:not([type=hidden])')].map((cell) => cell.value)"
    rows = f"[...document.querySelectorAll('.variant-grid tbody tr')].map((row) => {cells})"
    return page.evaluate(rows)


def test_a_product_is_made_and_its_colours_are_priced_by_keyboard(
    ops: Page, session: Session, cast: Cast
):
    ops.get_by_role("link", name="Catalog").click()
    ops.get_by_role("link", name="New product").click()
    ops.get_by_label("SKU").fill("HDY-1")
    ops.get_by_label("Name", exact=True).fill("Club hoodie")
    ops.get_by_label("Category").select_option(label="Jerseys")
    ops.get_by_label("Base price").fill("32")
    ops.get_by_label("Size run").select_option(label="Apparel")
    ops.get_by_label("3XL").fill("2.50")
    ops.keyboard.press("Control+Enter")
    expect(ops.get_by_role("heading", level=1)).to_have_text("Club hoodie")
    expect(ops.locator("#crumbs")).to_contain_text("HDY-1")
    expect(ops.locator("#sizes")).to_contain_text("3XL +2.50")
    ops.get_by_label("Colours", exact=True).fill("Navy\nHeather Grey")
    ops.keyboard.press("Control+Enter")
    expect(ops.get_by_label("Navy code")).to_have_value("HDY-1-NAVY")
    ops.get_by_label("Navy price").focus()
    ops.keyboard.type("33")
    ops.keyboard.press("Enter")
    ops.keyboard.type("34.5")
    ops.keyboard.press("ArrowRight")
    ops.keyboard.type("15")
    ops.keyboard.press("ArrowUp")
    ops.keyboard.type("14")
    ops.keyboard.press("Control+Enter")
    expect(ops.get_by_text("4 cells saved.")).to_be_visible()
    assert grid_of(ops) == [
        ["HDY-1-NAVY", "Navy", "", "33.00", "14.00"],
        ["HDY-1-HEATHER-GREY", "Heather Grey", "", "34.50", "15.00"],
    ]


def test_in_a_cell_of_words_the_arrows_move_the_caret_until_the_edge(ops: Page, cast: Cast):
    ops.goto("/products/JRS-1")
    ops.get_by_label("Navy colour").focus()
    ops.keyboard.press("End")
    ops.keyboard.press("ArrowLeft")
    ops.keyboard.type("!")
    expect(ops.get_by_label("Navy colour")).to_have_value("Nav!y")
    ops.keyboard.press("End")
    ops.keyboard.press("ArrowRight")
    expect(ops.get_by_label("Navy material")).to_be_focused()
    ops.get_by_label("Navy colour").focus()
    ops.keyboard.press("Escape")
    expect(ops.get_by_label("Navy colour")).to_have_value("Navy")


def test_a_refused_cell_keeps_what_was_typed_and_asks_before_leaving(
    ops: Page, complaints: list[str], cast: Cast
):
    ops.goto("/products/JRS-1")
    ops.get_by_label("Red code").fill("jrs-1-navy")
    ops.get_by_label("White price").fill("19")
    ops.get_by_role("button", name="Save colours").click()
    refused = ops.locator("#cell-errors li")
    expect(refused).to_contain_text("Another variant has the code jrs-1-navy.")
    expect(ops.get_by_label("Red code")).to_have_attribute("aria-invalid", "true")
    expect(ops.get_by_label("White price")).to_have_value("19")
    ops.once("dialog", lambda dialog: dialog.dismiss())
    ops.get_by_role("link", name="Orders").click()
    expect(ops.get_by_label("Red code")).to_have_value("jrs-1-navy")
    ops.get_by_label("Red code").fill("JRS-1-R")
    ops.keyboard.press("Control+Enter")
    expect(ops.get_by_text("2 cells saved.")).to_be_visible()
    expect(refused).to_have_count(0)
    complaints.clear()  # the browser reports the answer 422


def test_two_people_price_one_colour_and_neither_loses_it_silently(
    ops: Page, browser: Browser, live_url: str, sign_in: SignIn, cast: Cast, complaints: list[str]
):
    other = sign_in(browser.new_context(base_url=live_url).new_page(), "admin")
    for page in (ops, other):
        page.goto("/products/JRS-1")
    other.get_by_label("Navy price").fill("25")
    other.get_by_label("Red price").fill("26")
    other.get_by_role("button", name="Save colours").click()
    expect(other.get_by_text("2 cells saved.")).to_be_visible()
    ops.get_by_label("Navy price").fill("27")
    ops.get_by_role("button", name="Save colours").click()
    expect(ops.locator("#cell-errors")).to_contain_text("Somebody else set it to 25.00")
    expect(ops.get_by_label("Red price")).to_have_value("26.00")
    ops.get_by_role("button", name="Take 25.00").click()
    expect(ops.get_by_label("Navy price")).to_have_value("25.00")
    expect(ops.locator("#cell-errors li")).to_have_count(0)
    other.context.close()
    complaints.clear()


def test_all_rows_are_selected_set_and_moved(ops: Page, session: Session, cast: Cast):
    ops.goto("/products/JRS-1")
    ops.get_by_label("All rows").check()
    ops.locator("#set-price").fill("24")
    ops.get_by_role("button", name="Set and save").click()
    expect(ops.get_by_text("3 cells saved.")).to_be_visible()
    ops.get_by_role("button", name="Move White up").click()
    expect(ops.locator(".variant-grid tbody tr").nth(1)).to_contain_text("White")
    ops.get_by_role("button", name="Archive White").click()
    expect(ops.get_by_role("button", name="Restore White")).to_be_visible()
    assert [row[3] for row in grid_of(ops)] == ["24.00"] * 3


def test_a_renamed_category_shows_in_tree_filter_and_breadcrumb(ops: Page, cast: Cast):
    ops.goto("/categories")
    ops.evaluate("window.untouched = true")
    ops.get_by_role("link", name="New category").click()
    ops.get_by_label("Name").fill("Uniforms")
    ops.get_by_role("button", name="Add category").click()
    expect(ops.locator(".tree")).to_contain_text("Uniforms")
    ops.get_by_role("link", name="Edit Jerseys").click()
    ops.get_by_label("Name").fill("Game tops")
    ops.get_by_label("Within optional").select_option(label="Uniforms")
    ops.keyboard.press("Control+Enter")
    expect(ops.locator(".tree .within")).to_contain_text("Game tops")
    ops.get_by_role("link", name="Catalog", exact=True).first.click()
    ops.get_by_role("combobox", name="Category").select_option(label="Uniforms › Game tops")
    ops.get_by_role("link", name="JRS-1").click()
    expect(ops.locator("#crumbs")).to_contain_text(re.compile(r"Uniforms\s*Game tops\s*JRS-1"))
    assert ops.evaluate("window.untouched") is True


def test_a_section_is_edited_in_place_and_everything_that_shows_it_follows(ops: Page, cast: Cast):
    ops.goto("/products/JRS-1")
    ops.get_by_label("Navy price").fill("29")  # typed and not saved: it stays
    ops.get_by_role("link", name="Edit details").click()
    ops.get_by_label("Name", exact=True).fill("Road jersey")
    ops.get_by_role("button", name="Save details").click()
    expect(ops.get_by_role("heading", level=1)).to_have_text("Road jersey")
    expect(ops).to_have_title("Road jersey · WholesaleOS")
    ops.get_by_role("link", name="Edit terms").click()
    ops.get_by_label("Base price").fill("21")
    ops.get_by_role("button", name="Save terms").click()
    expect(ops.locator("#base-price")).to_have_text("$21.00")
    expect(ops.get_by_label("Navy price")).to_have_value("29")


def test_another_size_run_says_what_would_go(ops: Page, session: Session, cast: Cast):
    session.add(SizeRun(name="Waist", sizes=["30", "32"]))
    session.commit()
    ops.goto("/products/JRS-1")
    ops.get_by_role("link", name="Edit sizes").click()
    ops.get_by_label("Size run").select_option(label="Waist")
    expect(ops.get_by_text("these surcharges would go: 2XL +2.00")).to_be_visible()
    ops.get_by_label("32").fill("1")
    ops.get_by_label("Drop them").check()
    ops.get_by_role("button", name="Save sizes").click()
    expect(ops.locator("#sizes")).to_contain_text("32 +1.00")


def test_pictures_are_added_in_place_and_shown_in_the_list(ops: Page, tmp_path: Path, cast: Cast):
    file = tmp_path / "jersey.png"
    file.write_bytes(png(600, 400))
    ops.goto("/products/JRS-1")
    ops.get_by_label("Add pictures").set_input_files([file])
    ops.get_by_role("button", name="Upload").click()
    expect(ops.get_by_text("1 picture added.")).to_be_visible()
    expect(ops.locator(".pictures img")).to_have_js_property("naturalWidth", 160)
    ops.get_by_role("link", name="Edit: Picture of Home jersey").click()
    ops.get_by_label("What it shows").fill("The front")
    ops.get_by_role("button", name="Save picture").click()
    expect(ops.get_by_role("img", name="Edit: The front")).to_be_visible()
    ops.goto("/products")
    expect(ops.locator(".products img")).to_have_count(1)
    ops.goto("/products/JRS-1")
    ops.get_by_role("link", name="Edit: The front").click()
    ops.once("dialog", lambda dialog: dialog.accept())
    ops.get_by_role("button", name="Delete picture").click()
    expect(ops.get_by_text("No picture yet.")).to_be_visible()


@pytest.mark.window(java_script_enabled=False)
def test_without_javascript_all_of_it_works_as_plain_forms(
    ops: Page, session: Session, cast: Cast, complaints: list[str]
):
    ops.goto("/products/JRS-1")
    ops.get_by_label("Navy price").fill("22")
    ops.get_by_label("Red price").press("Enter")  # the form's own button: save
    expect(ops.get_by_text("1 cell saved.")).to_be_visible()
    ops.get_by_label("Navy price").fill("0")
    ops.get_by_label("Colours", exact=True).fill("Gold")
    ops.get_by_role("button", name="Add rows").click()
    expect(ops.locator("#cell-errors")).to_contain_text("A price is more than zero")
    expect(ops.get_by_label("Colours", exact=True)).to_have_value("Gold")
    ops.get_by_label("Navy price").fill("23")
    ops.get_by_role("button", name="Move Red up").click()
    expect(ops.get_by_text("1 cell saved. 1 colour added. Moved.")).to_be_visible()
    rows = ops.locator(".variant-grid tbody tr")
    expect(rows.first).to_contain_text("Red")
    expect(rows.last).to_contain_text("Gold")
    ops.get_by_role("link", name="Edit sizes").click()
    expect(ops.get_by_role("button", name="Show the sizes of this run")).to_be_visible()
    ops.get_by_label("XL", exact=True).fill("1")
    ops.get_by_label("XL", exact=True).press("Enter")
    expect(ops.locator("#sizes")).to_contain_text("XL +1.00, 2XL +2.00")
    session.rollback()
    assert session.query(Variant).count() == 4
    complaints.clear()  # the browser reports the answer 422


@pytest.mark.window(viewport={"width": 390, "height": 844}, has_touch=True)
def test_at_a_phone_the_grid_scrolls_in_its_own_frame_and_targets_are_large(
    ops: Page, session: Session, cast: Cast
):
    ops.goto("/products/JRS-1")
    assert ops.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    ops.get_by_label("White cost").fill("9")
    ops.get_by_role("button", name="Save colours").click()
    expect(ops.get_by_text("1 cell saved.")).to_be_visible()
    small = """[...document.querySelectorAll('#main :is(button, a.button, a.icon-button, select)')]
        .filter((e) => e.offsetParent && !e.ariaHidden && e.getBoundingClientRect().height < 43)
        .map((e) => e.ariaLabel || e.textContent)"""
    for url in ("/products/JRS-1", "/categories", "/products/new", "/products/JRS-1/sizes"):
        ops.goto(url)
        assert ops.evaluate(small) == []
    assert session.get_one(Product, cast.product).name == "Home jersey"
