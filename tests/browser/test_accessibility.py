"""Every page as axe-core sees it, at desk and phone width, light and dark, without side scroll."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.cast import Cast

PAGES = [
    "/",
    "/organizations",
    "/organizations/{organization}",
    "/products",
    "/products/JRS-1",
    "/orders",
    "/orders?status=lost",
    "/orders/new?q=wolver",
    "/orders/{draft}",
    "/orders/{draft}/details",
    "/search?q=je",
    "/nothing-here",
]


@pytest.fixture
def draft(desk: Page, cast: Cast) -> str:
    """The address part of a draft with a product and units."""
    desk.goto("/orders/new?q=wolver")
    desk.get_by_role("option").click()
    desk.get_by_role("combobox", name="Add a product").fill("jersey")
    desk.get_by_role("option").click()
    desk.get_by_label("Navy M").fill("12")
    desk.keyboard.press("Tab")
    expect(desk.locator("#order-units")).to_have_text("12")
    return desk.url.rsplit("/", 1)[1]


def assert_accessible(page: Page, url: str) -> None:
    """Open ``url`` and fail with axe's words on any violation."""
    page.goto(url)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page)
    assert found.violations_count == 0, f"{url}: {found.generate_report()}"
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, f"{url} is {width} px wider than the window"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page(
    desk: Page, draft: str, cast: Cast, complaints: list[str], scheme: str, width: int
):
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 850})
    for url in PAGES:
        assert_accessible(desk, url.format(draft=draft, organization=cast.organization))
    complaints.clear()  # the pages that answer 404 and 422 are reported by the browser


def test_the_sign_in_page(page: Page, live_url: str):
    assert_accessible(page, "/sign-in")


def test_a_refused_cell(desk: Page, draft: str, complaints: list[str]):
    desk.get_by_label("Navy L").fill("x")
    desk.keyboard.press("Tab")
    expect(desk.locator("#cell-errors li")).to_have_count(1)
    found = Axe().run(desk)
    assert found.violations_count == 0, found.generate_report()
    desk.get_by_label("Navy L").press("Escape")
    complaints.clear()
