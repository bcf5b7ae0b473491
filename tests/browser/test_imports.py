"""A file's way into the records in a real browser, with and without JavaScript."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.cast import Cast
from wholesale.customers.models import Organization
from wholesale.imports import running
from wholesale.imports.operations import IMPORT_LOCK

CONTENT = "Company,ZIP,Price level\n" + "".join(f"Club {n},1234{n},VIP\n" for n in range(5))
CONTENT += "Lake Lions,,golden\n"
IMPORT_PAGE = re.compile(r"/imports/(?!new)[^/]+$")
FILE: FilePayload = {"name": "clubs.csv", "mimeType": "text/csv", "buffer": CONTENT.encode()}


@pytest.fixture
def ops(page: Page, sign_in: Callable[[Page, str], Page], complaints: list[str]) -> Page:
    """Operations at the browser."""
    return sign_in(page, "ops")


def up_to_the_review(page: Page) -> None:
    """Upload the file and take the guessed columns."""
    page.goto("/organizations")
    page.get_by_role("link", name="Import").click()
    page.get_by_label("File", exact=True).set_input_files(FILE)
    page.get_by_role("button", name="Upload file").click()
    expect(page.get_by_label("Company")).to_have_value("name")
    expect(page.get_by_label("ZIP")).to_have_value("postal_code")
    page.get_by_role("button", name="Check the rows").click()


def confirm_good_rows(page: Page) -> None:
    """Have the good rows written."""
    page.get_by_label("Good rows only").check()
    page.get_by_role("button", name="Import", exact=True).click()


def test_from_the_upload_to_the_undo(ops: Page, session: Session, cast: Cast):
    up_to_the_review(ops)
    expect(ops.get_by_text("5 new, 0 changed, 0 unchanged, 0 duplicates, 1 error.")).to_be_visible()
    ops.evaluate("window.untouched = true")
    ops.get_by_role("link", name="Error 1").click()
    expect(ops.get_by_text("“golden” is none of Standard, Wholesale, VIP.")).to_be_visible()
    expect(ops.locator("tbody tr")).to_have_count(1)
    confirm_good_rows(ops)
    expect(ops.get_by_role("heading", name="What was written")).to_be_visible()
    expect(ops.get_by_text("5 new, 0 changed")).to_be_visible()
    with ops.expect_download() as download:
        ops.get_by_role("link", name="Rows not written").click()
    assert "Lake Lions" in download.value.path().read_text("utf-8")
    ops.get_by_role("link", name="Undo import").click()
    ops.get_by_role("button", name="Undo import").click()
    expect(ops.get_by_text("The import was taken back")).to_be_visible()
    assert ops.evaluate("window.untouched") is True
    names = session.scalars(select(Organization.name)).all()
    assert sorted(names) == ["Bärenfels Athletics", "Wolverton Wrestling Club"]


def test_the_progress_is_shown_and_gives_way_to_the_review(ops: Page, session: Session, cast: Cast):
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IMPORT_LOCK})
    up_to_the_review(ops)
    expect(ops.get_by_role("progressbar")).to_be_visible()
    expect(ops.get_by_text("Checking the rows: nothing is kept of this.")).to_be_visible()
    ops.wait_for_timeout(1500)
    expect(ops.get_by_role("progressbar")).to_be_visible()
    session.rollback()
    expect(ops.get_by_text("Nothing is written yet")).to_be_visible()
    expect(ops.get_by_role("progressbar")).to_have_count(0)
    asked: list[str] = []
    ops.on("request", lambda request: asked.append(request.url))
    ops.wait_for_timeout(1500)
    assert asked == []


def test_two_clicks_on_confirm_make_one_run(ops: Page, session: Session, cast: Cast):
    up_to_the_review(ops)
    ops.get_by_label("Good rows only").check()
    ops.get_by_role("button", name="Import", exact=True).dblclick()
    expect(ops.get_by_role("heading", name="What was written")).to_be_visible()
    assert len(session.scalars(select(Organization.id)).all()) == 7


@contextmanager
def arriving(page: Page) -> Iterator[None]:
    """Do what leads to the import's page, wait for the run and open the page anew."""
    with page.expect_navigation(url=IMPORT_PAGE):
        yield
    running.wait()
    page.reload()


@pytest.mark.window(java_script_enabled=False)
def test_all_of_it_without_javascript(ops: Page, session: Session, cast: Cast):
    with arriving(ops):
        up_to_the_review(ops)
    expect(ops.get_by_text("5 new, 0 changed, 0 unchanged, 0 duplicates, 1 error.")).to_be_visible()
    with arriving(ops):
        confirm_good_rows(ops)
    expect(ops.get_by_role("heading", name="What was written")).to_be_visible()
    ops.get_by_role("link", name="Undo import").click()
    with arriving(ops):
        ops.get_by_role("button", name="Undo import").click()
    expect(ops.get_by_text("The import was taken back")).to_be_visible()
    assert len(session.scalars(select(Organization.id)).all()) == 2


@pytest.mark.window(java_script_enabled=False)
def test_without_javascript_a_button_looks_again(ops: Page, session: Session, cast: Cast):
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IMPORT_LOCK})
    up_to_the_review(ops)
    expect(ops.get_by_text("Checking the rows")).to_be_visible()
    threading.Timer(0.1, session.rollback).start()
    running.wait()
    ops.get_by_role("button", name="Look again").click()
    expect(ops.get_by_text("Nothing is written yet")).to_be_visible()
