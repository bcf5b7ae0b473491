"""Files in the browser: chosen, dropped, several at once, with progress, on a desk and a phone."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage as cloud
from playwright.sync_api import Page, Route, expect

from tests.browser.accessible import assert_accessible
from tests.files.conftest import PDF
from tests.pictures import png
from tests.standins.bucket import bucket_server
from wholesale.files.gcs import GcsStorage
from wholesale.files.local import LocalStorage
from wholesale.files.storage import LARGE

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DROP = """([form, name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  const tell = (kind) => form.dispatchEvent(
    new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
  tell("dragover");
  tell("drop");
}"""


@pytest.fixture(autouse=True)
def disk(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalStorage:
    """An empty disk of this test's own."""
    made = LocalStorage(tmp_path / "files", [str(app.secret_key)])
    monkeypatch.setitem(app.extensions, "storage", made)
    return made


@pytest.fixture
def panel(desk: Page, placed: str) -> Any:
    """The panel of files on the page of an order."""
    desk.goto(f"/orders/{placed}")
    found = desk.locator("#record-files")
    expect(found.get_by_label("Add files")).to_be_visible()
    return found


def named(name: str, data: bytes = PDF) -> dict[str, Any]:
    """Return a file as the browser's chooser gives it."""
    return {"name": name, "mimeType": "", "buffer": data}


def choose(panel: Any, *files: dict[str, Any]) -> None:
    """Choose files in the field."""
    panel.get_by_label("Add files").set_input_files(list(files))


def test_several_files_chosen_at_once_come_in_without_a_reload(panel: Any, work: Any):
    panel.page.evaluate("window.stayed = true")
    choose(panel, named("a.pdf"), named("b.csv", b"a,b\n"), named("c.png", png(600, 400)))
    for name in ("a.pdf", "b.csv", "c.png"):
        expect(panel.locator(".file-list").get_by_text(name, exact=True)).to_be_visible()
    expect(panel.locator("[data-uploading] li")).to_have_count(0)
    expect(panel.get_by_text("Being prepared")).to_be_visible()
    work()
    expect(panel.locator(".file-list img")).to_be_visible(timeout=8000)
    expect(panel.get_by_role("link", name="c.png")).to_be_visible()
    assert panel.page.evaluate("window.stayed")


@pytest.mark.window(**PHONE)
def test_on_a_phone_a_file_is_chosen_and_nothing_sticks_out(panel: Any):
    choose(panel, named("a long name of a file that a phone has no room for, to be sure.pdf"))
    expect(panel.get_by_role("link", name="a long name")).to_be_visible()
    wide = panel.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    assert panel.get_by_role("button", name="Archive").bounding_box()["height"] >= 44


@pytest.mark.parametrize("width", [1440, 390])
def test_a_dropped_file_comes_in(panel: Any, width: int):
    panel.page.set_viewport_size({"width": width, "height": 844})
    form = panel.locator("form[data-drop]")
    panel.page.evaluate(DROP, [form.element_handle(), "dropped.csv", "a,b\n1,2\n"])
    expect(panel.get_by_role("link", name="dropped.csv")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_progress_is_shown_while_a_large_file_is_on_its_way(panel: Any, width: int):
    panel.page.set_viewport_size({"width": width, "height": 844})
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    panel.page.route("**/storage/*", hold)
    data = PDF + b"\0" * LARGE
    choose(panel, named("art.pdf", data))
    bar = panel.get_by_role("progressbar", name="Upload of art.pdf")
    expect(bar).to_be_visible()
    expect(bar).to_have_attribute("max", str(len(data)))
    _until(panel, lambda: bool(held))
    held.pop().continue_()
    panel.page.wait_for_function(
        "() => document.querySelector('[data-uploading] progress')?.value >= 8388608"
    )
    assert panel.get_by_role("link", name="art.pdf").count() == 0
    _until(panel, lambda: bool(held))
    held.pop().continue_()
    expect(panel.get_by_role("link", name="art.pdf")).to_be_visible()


def _until(panel: Any, is_so: Any) -> None:
    for _ in range(80):
        if is_so():
            return
        panel.page.wait_for_timeout(50)
    raise AssertionError("it did not come about")


def test_an_upload_whose_connection_broke_goes_on_where_it_stopped(
    panel: Any, complaints: list[str], disk: LocalStorage
):
    pieces: list[str] = []

    def handle(route: Route) -> None:
        pieces.append(route.request.headers["content-range"])
        if len(pieces) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    panel.page.route("**/storage/*", handle)
    data = PDF + b"\0" * (LARGE + 100)
    choose(panel, named("art.pdf", data))
    expect(panel.get_by_role("link", name="art.pdf")).to_be_visible(timeout=15000)
    size = len(data)
    rest = f"bytes {LARGE}-{size - 1}/{size}"
    assert pieces == [f"bytes 0-{LARGE - 1}/{size}", rest, f"bytes */{size}", rest]
    (kept,) = disk.list()
    assert kept.size == size
    complaints[:] = [words for words in complaints if "ERR_CONNECTION_RESET" not in words]


def test_a_refused_file_says_why_and_the_others_come_in(panel: Any, complaints: list[str]):
    choose(panel, named("logo.pdf", png(20, 20)), named("tool.exe"), named("good.pdf"))
    expect(panel.get_by_role("link", name="good.pdf")).to_be_visible()
    refused = panel.locator("[data-uploading]")
    expect(refused).to_contain_text("logo.pdf is a PNG picture by its content")
    expect(refused).to_contain_text("tool.exe is of a kind that is not kept here.")
    refused.get_by_role("button", name="Dismiss").first.click()
    expect(refused.locator("li")).to_have_count(1)
    complaints[:] = [words for words in complaints if "422" not in words]


def test_a_new_version_is_chosen_and_the_file_archived(panel: Any):
    choose(panel, named("logo.pdf"))
    panel.get_by_text("Replace", exact=True).click()
    panel.get_by_label("New version of logo.pdf").set_input_files(named("logo.pdf", PDF + b"%2\n"))
    expect(panel.get_by_text("Version 2")).to_be_visible()
    panel.get_by_role("button", name="Archive logo.pdf").click()
    expect(panel.get_by_text("Archived (1)")).to_be_visible()


def test_a_download_is_saved_under_its_name(panel: Any):
    choose(panel, named("logo.pdf"))
    with panel.page.expect_download() as saved:
        panel.get_by_role("link", name="logo.pdf").click()
    assert saved.value.suggested_filename == "logo.pdf"
    assert saved.value.path().read_bytes() == PDF


@pytest.mark.parametrize("record", ["organizations", "quotes"])
def test_customers_and_quotes_have_the_panel(desk: Page, cast: Any, rep: Any, record: str):
    if record == "quotes":
        form = {"organization_id": cast.organization, "key": str(uuid4())}
        desk.goto(rep.post("/quotes/new", form).location)
    else:
        desk.goto(f"/organizations/{cast.organization}")
    panel = desk.locator("#record-files")
    choose(panel, named("tax.pdf"))
    expect(panel.get_by_role("link", name="tax.pdf")).to_be_visible()


def test_the_panel_is_accessible(panel: Any, placed: str):
    choose(panel, named("logo.pdf"), named("c.png", png(60, 40)))
    expect(panel.get_by_text("Being prepared")).to_be_visible()
    assert_accessible(panel.page, f"/orders/{placed}/files")


@pytest.mark.window(java_script_enabled=False)
def test_without_javascript_the_files_have_a_page_of_their_own(desk: Page, placed: str):
    desk.goto(f"/orders/{placed}")
    desk.get_by_role("link", name="Files", exact=True).click()
    desk.get_by_label("Add files").set_input_files([named("a.pdf"), named("b.pdf", PDF + b"%b\n")])
    desk.get_by_role("button", name="Upload", exact=True).click()
    expect(desk.get_by_role("link", name="a.pdf")).to_be_visible()
    expect(desk.get_by_role("link", name="b.pdf")).to_be_visible()


def test_with_a_bucket_the_browser_sends_to_it_past_the_application(
    desk: Page,
    placed: str,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    complaints: list[str],
):
    with bucket_server() as url:
        options = {"api_endpoint": url}
        cloud.Client("p", AnonymousCredentials(), client_options=options).create_bucket("house")
        bucket = GcsStorage("house", url)
        monkeypatch.setitem(app.extensions, "storage", bucket)
        monkeypatch.setitem(app.config, "STORAGE_ORIGIN", bucket.origin)
        desk.goto(f"/orders/{placed}")
        panel = desk.locator("#record-files")
        choose(panel, named("small.pdf"), named("large.pdf", PDF + b"\0" * LARGE))
        expect(panel.get_by_role("link", name="small.pdf")).to_be_visible()
        expect(panel.get_by_role("link", name="large.pdf")).to_be_visible()
        assert len(list(bucket.list())) == 2
    # The stand-in, other than Google, does not let a script read how much it has.
    complaints[:] = [words for words in complaints if 'unsafe header "Range"' not in words]
