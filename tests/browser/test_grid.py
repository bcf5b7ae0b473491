"""The size grid's quick ways: prepacks, filling, undoing, and the phone's stepper list."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.drafts import Draft
from tests.visitor import Visitor
from wholesale.catalog.models import Prepack, Product
from wholesale.orders.models import OrderLine


@pytest.fixture
def grid(draft: Draft, desk: Page) -> Page:
    """The rep's draft of jerseys, open in the browser."""
    desk.goto(f"/orders/{draft.ref}")
    return desk


def type_into(grid: Page, label: str, text: str) -> None:
    """Type into a cell and wait until the order's units follow."""
    grid.get_by_label(label, exact=True).fill(text)
    with grid.expect_response("**/lines"):
        grid.keyboard.press("Tab")


def units(grid: Page, number: str) -> None:
    """Expect the order to show so many units."""
    expect(grid.locator("#document-units")).to_have_text(number)


def held(session: Session, draft: Draft, colour: str = "Navy") -> dict[str, int]:
    """Return what a row holds in the database."""
    session.rollback()
    session.expire_all()
    return dict(session.get_one(OrderLine, draft.lines[colour]).quantities)


def test_a_prepack_is_filled_by_keyboard_and_taken_back(
    grid: Page, session: Session, draft: Draft, cast: Cast, complaints: list[str]
):
    run = session.get_one(Product, cast.product).size_run
    session.add(Prepack(size_run=run, name="Fours", ratio={"S": 1, "M": 2, "L": 2, "XL": 1}))
    session.commit()
    grid.reload()
    grid.get_by_role("link", name="Fill a prepack of Home jersey").press("Enter")
    expect(grid.get_by_label("Prepack", exact=True)).to_be_focused()
    grid.get_by_label("Colour").select_option(label="Red, 0 units")
    grid.get_by_label("Pieces").fill("145")
    grid.keyboard.press("Enter")
    expect(grid.get_by_role("dialog")).to_contain_text("Enter 144 or 150.")
    expect(grid.get_by_label("Pieces")).to_be_focused()
    grid.get_by_label("Pieces").fill("144")
    grid.keyboard.press("Enter")
    expect(grid.get_by_role("dialog")).to_have_count(0)
    for size, number in {"S": "24", "M": "48", "L": "48", "XL": "24"}.items():
        expect(grid.get_by_label(f"Red {size}", exact=True)).to_have_value(number)
    units(grid, "144")
    expect(grid.get_by_label("Red S", exact=True)).to_be_focused()
    grid.get_by_role("button", name="Undo").click()
    units(grid, "0")
    expect(grid.get_by_label("Red M", exact=True)).to_have_value("")
    assert held(session, draft, "Red") == {}
    complaints.clear()  # the browser reports the 422


def test_a_short_style_is_told_with_each_edit(grid: Page):
    type_into(grid, "Navy M", "11")
    note = grid.get_by_text("11 of at least 12")
    expect(note).to_be_visible()
    type_into(grid, "Red M", "1")
    expect(note).to_have_count(0)


def test_a_value_fills_the_rest_of_its_row_as_one_change(
    grid: Page, session: Session, draft: Draft
):
    grid.get_by_label("Navy L", exact=True).fill("5")
    with grid.expect_request("**/lines") as sent:
        grid.keyboard.press("Control+r")
    assert (sent.value.post_data or "").count("was.q.") == 5
    units(grid, "25")
    assert held(session, draft) == {"L": 5, "XL": 5, "2XL": 5, "3XL": 5, "4XL": 5}
    grid.keyboard.press("Control+z")  # one change, taken back as one
    units(grid, "0")
    assert held(session, draft) == {}


def test_a_value_fills_its_column_downward_in_its_style(grid: Page, session: Session, draft: Draft):
    grid.get_by_label("Red M", exact=True).fill("4")
    grid.keyboard.press("Control+d")
    units(grid, "8")
    assert [held(session, draft, colour) for colour in draft.lines] == [{}, {"M": 4}, {"M": 4}]
    price = grid.get_by_label("Navy price")
    price.fill("18.5")
    grid.keyboard.press("Control+d")
    expect(grid.locator("#document-total")).to_have_text("$148.00")
    expect(grid.get_by_label("White price")).to_have_value("18.50")


def test_edits_are_undone_and_made_again_in_their_order(grid: Page, session: Session, draft: Draft):
    button = grid.get_by_role("button", name="Undo")
    expect(button).to_be_disabled()
    type_into(grid, "Navy M", "5")
    type_into(grid, "Navy M", "7")
    type_into(grid, "Red L", "3")
    units(grid, "10")
    grid.keyboard.press("Control+z")
    expect(grid.get_by_label("Red L", exact=True)).to_be_focused()
    grid.keyboard.press("Control+z")  # without waiting for the first
    grid.keyboard.press("Control+z")
    units(grid, "0")
    expect(button).to_be_disabled()
    grid.keyboard.press("Control+Shift+z")
    units(grid, "5")
    grid.keyboard.press("Control+y")
    units(grid, "7")
    type_into(grid, "Navy S", "1")  # a new edit: what was taken back is gone
    grid.keyboard.press("Control+y")
    units(grid, "8")
    assert held(session, draft) == {"S": 1, "M": 7}


@pytest.mark.parametrize("last", ["7", ""])
def test_a_cell_changed_again_while_it_is_being_saved_holds_what_was_typed_last(
    grid: Page, session: Session, draft: Draft, last: str, complaints: list[str]
):
    grid.route("**/lines", lambda route: (grid.wait_for_timeout(300), route.continue_()))
    cell = grid.get_by_label("Navy M", exact=True)
    for typed in ("5", last):
        cell.fill(typed)
        grid.keyboard.press("Tab")
    grid.get_by_label("Red L", exact=True).fill("3")
    grid.keyboard.press("Tab")
    units(grid, str(3 + int(last or 0)))
    assert held(session, draft).get("M", 0) == int(last or 0)
    grid.keyboard.press("Control+z")
    grid.keyboard.press("Control+z")
    units(grid, "5")


def test_while_typing_ctrl_z_is_the_fields_own(grid: Page):
    type_into(grid, "Navy M", "5")
    cell = grid.get_by_label("Navy L", exact=True)
    cell.click()
    grid.keyboard.type("9")
    grid.keyboard.press("Control+z")
    expect(cell).to_have_value("")
    expect(grid.get_by_label("Navy M", exact=True)).to_have_value("5")
    units(grid, "5")


def test_a_price_set_by_hand_goes_back_to_the_lists(grid: Page, session: Session, draft: Draft):
    type_into(grid, "Navy price", "9")
    expect(grid.get_by_label("Navy price")).to_have_value("9.00")
    grid.keyboard.press("Control+z")
    expect(grid.get_by_label("Navy price")).to_have_value("20.00")
    assert not session.get_one(OrderLine, draft.lines["Navy"]).is_price_manual
    grid.keyboard.press("Control+y")
    expect(grid.get_by_role("link", name="Why this price: by hand")).to_be_visible()
    expect(grid.get_by_label("Navy price")).to_have_value("9.00")


def test_undoing_never_overwrites_somebody_elses_newer_edit(
    grid: Page, rep: Visitor, session: Session, draft: Draft, complaints: list[str]
):
    type_into(grid, "Navy M", "5")
    rep.hx_post(f"/orders/{draft.ref}/lines", {draft.cell("Navy", "M"): "8"})
    grid.keyboard.press("Control+z")
    expect(grid.locator("#cell-errors")).to_contain_text("Somebody else set it to 8 meanwhile")
    assert held(session, draft) == {"M": 8}
    grid.get_by_role("button", name="Take 8").click()
    expect(grid.get_by_label("Navy M", exact=True)).to_have_value("8")
    complaints.clear()  # the browser reports the 409


def test_the_sheet_of_keys_names_them(grid: Page):
    grid.locator("h1").click()
    grid.keyboard.press("?")
    sheet = grid.get_by_role("dialog", name="Keyboard")
    for words in ("Fill the rest of the row", "Fill the cells below", "Take back the last change"):
        expect(sheet).to_contain_text(words)
