"""A customer's page in a real browser: everything that changes is right without a reload."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.cast import Cast
from wholesale.core.clock import now
from wholesale.customers.models import Organization
from wholesale.orders.models import Order


def open_page(desk: Page, cast: Cast) -> None:
    """Open the wrestling club's page and leave a mark that a reload would wipe out."""
    desk.goto(f"/organizations/{cast.organization}")
    expect(desk.locator("#organization-summary h2")).to_have_text("What next")
    expect(desk.locator("#timeline-entries")).to_be_attached()
    desk.evaluate("window.untouched = true")


def write_down(desk: Page, words: str, day: str = "") -> None:
    """Add an entry to the timeline."""
    desk.get_by_label("What was said or done").first.fill(words)
    if day:
        desk.locator("#activity-follow_up_on").fill(day)
    desk.get_by_role("button", name="Add to timeline").click()
    expect(desk.locator("#timeline-entries li").first).to_contain_text(words)


def test_an_entry_is_at_the_top_and_what_next_is_right_at_once(desk: Page, cast: Cast):
    open_page(desk, cast)
    expect(desk.locator("#timeline-empty")).to_be_visible()
    write_down(desk, "First call")
    expect(desk.locator("#timeline-empty")).to_have_count(0)
    write_down(desk, "Ask for the roster", "2030-05-01")
    expect(desk.locator("#timeline-entries li")).to_have_count(2)
    expect(desk.get_by_label("What was said or done")).to_have_value("")
    upcoming = desk.locator("#organization-summary")
    expect(upcoming).to_contain_text("May 1, 2030 Ask for the roster")
    upcoming.get_by_role("button", name="Done: Ask for the roster").click()
    expect(upcoming).not_to_contain_text("Ask for the roster")
    entry = desk.locator("#timeline-entries li").first
    expect(entry).to_contain_text("Done · May 1, 2030")
    entry.get_by_role("button", name="Open again").click()
    expect(upcoming).to_contain_text("Ask for the roster")
    assert desk.evaluate("window.untouched") is True


def test_an_entry_is_edited_and_deleted_in_place(desk: Page, cast: Cast):
    open_page(desk, cast)
    write_down(desk, "Called them", "2030-05-01")
    entry = desk.locator("#timeline-entries li").first
    entry.get_by_role("link", name="Edit this call").click()
    entry.get_by_label("What was said or done").fill("Met them")
    entry.get_by_label("What", exact=True).select_option("Meeting")
    entry.get_by_role("button", name="Save entry").click()
    expect(entry).to_contain_text("Meeting")
    expect(desk.locator("#organization-summary")).to_contain_text("Met them")
    entry.get_by_role("link", name="Edit this meeting").click()
    entry.get_by_role("link", name="Cancel").click()
    expect(entry).to_contain_text("Met them")
    desk.once("dialog", lambda dialog: dialog.accept())
    entry.get_by_role("button", name="Delete this meeting").click()
    expect(desk.locator("#timeline-entries li")).to_have_count(0)
    expect(desk.locator("#organization-summary")).not_to_contain_text("Met them")
    assert desk.evaluate("window.untouched") is True


def test_a_figure_leads_to_the_list_it_counts(desk: Page, cast: Cast, session: Session):
    for code, status in (("O-1", "new"), ("O-2", "cancelled")):
        order = Order(code=code, placed_at=now(), organization_id=cast.organization, subtotal=100)
        order.salesperson_id, order.status = cast.users["sales"], status
        session.add(order)
    session.commit()
    open_page(desk, cast)
    desk.get_by_role("link", name="Lifetime").click()
    expect(desk.locator("#results tbody tr")).to_have_count(1)
    expect(desk.get_by_label("Not cancelled")).to_be_checked()


def test_a_new_name_is_in_title_heading_breadcrumb_orders_list_and_picker(
    desk: Page, cast: Cast, session: Session
):
    order = Order(code="O-1", placed_at=now(), organization_id=cast.organization)
    order.salesperson_id = cast.users["sales"]
    session.add(order)
    session.commit()
    open_page(desk, cast)
    expect(desk.locator("#organization-orders")).to_contain_text("Wolverton Wrestling Club")
    desk.get_by_role("link", name="Edit details").click()
    desk.get_by_label("Name", exact=True).fill("Wolves United")
    desk.get_by_role("button", name="Save details").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Wolves United")
    expect(desk).to_have_title("Wolves United · WholesaleOS")
    expect(desk.locator("#crumbs")).to_contain_text("Wolves United")
    expect(desk.locator("#organization-orders")).to_contain_text("Wolves United")
    assert desk.evaluate("window.untouched") is True
    desk.locator("#crumbs").get_by_role("link", name="Customers").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Customers")
    expect(desk.get_by_role("row", name="Wolves United")).to_be_visible()
    desk.keyboard.press("n")
    desk.get_by_role("combobox", name="Customer").fill("wolvs unitd")
    expect(desk.get_by_role("option", name="Wolves United")).to_be_visible()
    assert desk.evaluate("window.untouched") is True


def test_a_contact_is_put_away_brought_back_and_deleted_in_place(desk: Page, cast: Cast):
    open_page(desk, cast)
    people = desk.locator("#contacts")
    people.get_by_role("link", name="Edit Coach Carter").click()
    desk.once("dialog", lambda dialog: dialog.accept())
    people.get_by_role("button", name="Archive").click()
    expect(people).to_contain_text("No contact yet.")
    people.get_by_role("link", name="Show archived (1)").click()
    people.get_by_role("button", name="Restore Coach Carter").click()
    expect(people.get_by_role("link", name="Edit Coach Carter")).to_be_visible()
    people.get_by_role("link", name="Edit Coach Carter").click()
    people.get_by_role("link", name="Delete").click()
    expect(people).to_contain_text("Delete Coach Carter?")
    people.get_by_role("button", name="Delete contact").click()
    expect(people).to_contain_text("No contact yet.")
    assert desk.evaluate("window.untouched") is True


def test_a_duplicate_is_merged_and_given_back(desk: Page, cast: Cast, session: Session):
    twin = Organization(name="Wolverton Wrestling", phone="555-0100", city="Ridge")
    twin.salesperson_id = cast.users["sales"]
    session.add(twin)
    session.commit()
    open_page(desk, cast)
    desk.get_by_role("link", name="Merge", exact=True).click()
    desk.get_by_role("combobox", name="Customer").fill("wolverton")
    expect(desk.get_by_role("option")).to_have_count(1)  # not the one that stays
    desk.get_by_role("option", name="Wolverton Wrestling").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Merge Wolverton Wrestling into")
    expect(desk.get_by_role("radio", name="Wolverton Wrestling: 555-0100")).to_be_checked()
    desk.get_by_role("button", name="Merge the two").click()
    expect(desk.get_by_text("is merged into Wolverton Wrestling Club.")).to_be_visible()
    expect(desk.locator("#details")).to_contain_text("555-0100")
    desk.get_by_role("link", name="Wolverton Wrestling", exact=True).click()
    expect(desk.get_by_text("was merged into")).to_be_visible()
    desk.once("dialog", lambda dialog: dialog.accept())
    desk.get_by_role("button", name="Undo the merge").click()
    expect(desk.get_by_role("link", name="Edit details")).to_be_visible()
    expect(desk.locator("#details")).to_contain_text("555-0100")


def test_going_back_asks_before_what_was_typed_is_lost(desk: Page, cast: Cast):
    desk.get_by_role("link", name="Customers", exact=True).click()
    desk.get_by_role("link", name="Wolverton Wrestling Club").click()
    desk.get_by_role("link", name="Edit details").click()
    field = desk.get_by_label("Territory")
    field.click()
    desk.keyboard.type("North")
    asked: list[str] = []

    def stay(dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    desk.once("dialog", stay)
    desk.evaluate("history.back()")
    expect(field).to_have_value("North")
    assert asked == ["Leave without saving what you typed?"]
    expect(desk).to_have_url(f"/organizations/{cast.organization}")


def test_a_contact_that_matched_is_shown_in_the_picker(
    desk: Page, cast: Cast, sign_in: Callable[[Page, str], Page]
):
    desk.goto("/orders/new")
    desk.get_by_role("combobox", name="Customer").fill("coach car")
    expect(desk.get_by_role("option")).to_contain_text("Coach Carter")
    desk.keyboard.press("Enter")
    expect(desk.locator("#order-title")).to_contain_text("Wolverton Wrestling Club")
