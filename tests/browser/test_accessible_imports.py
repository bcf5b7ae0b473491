"""The pages of an import as axe-core sees them, at each step."""

from playwright.sync_api import Page, expect
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.browser.accessible import assert_accessible, assert_each_look
from tests.cast import Cast
from wholesale.imports.operations import IMPORT_LOCK


def test_every_page_of_an_import(desk: Page, session: Session, cast: Cast, complaints: list[str]):
    content = (
        b"Company,ZIP,Tier,Number of the fax\nRidge Runners,12345,vip,1\nLake Lions,,golden,\n"
    )
    desk.goto("/imports/new/organizations")
    desk.get_by_label("File", exact=True).set_input_files(
        {"name": "clubs.csv", "mimeType": "text/csv", "buffer": content}
    )
    desk.get_by_role("button", name="Upload file").click()
    desk.wait_for_url("**/columns")
    url = desk.url.removesuffix("/columns")
    assert_accessible(desk, f"{url}/columns")
    desk.get_by_label("ZIP").select_option("name")
    desk.get_by_role("button", name="Check the rows").click()
    expect(desk.locator(".error")).to_have_count(1)
    assert_each_look(desk)
    desk.get_by_label("ZIP").select_option("postal_code")
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IMPORT_LOCK})
    desk.get_by_role("button", name="Check the rows").click()
    expect(desk.get_by_role("progressbar")).to_be_visible()
    assert_each_look(desk)
    session.rollback()
    expect(desk.get_by_text("Nothing is written yet")).to_be_visible()
    assert_accessible(desk, url)
    desk.get_by_label("Good rows only").check()
    desk.get_by_role("button", name="Import", exact=True).click()
    expect(desk.get_by_role("heading", name="What was written")).to_be_visible()
    assert_accessible(desk, url)
    assert_accessible(desk, f"{url}/undo")
    complaints.clear()
