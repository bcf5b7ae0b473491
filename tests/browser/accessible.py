"""What every page is held to: no violation that axe-core finds, no side scroll."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Both widths and both colours; the other two pairs would show the same layout and contrast again.
EACH_LOOK = pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])


def assert_accessible(page: Page, url: str) -> None:
    """Open ``url`` and fail with axe's words on any violation."""
    page.goto(url)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page)
    assert found.violations_count == 0, f"{url}: {found.generate_report()}"
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, f"{url} is {width} px wider than the window"
