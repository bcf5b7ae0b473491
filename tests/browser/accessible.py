"""What every page is held to, in each look: no violation that axe-core finds, no side scroll."""

from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

# Both widths and both colours; the other two pairs would show the same layout and contrast again.
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1440, "light"), (390, "dark"))
# Four frames in which nothing is fetched: what shows itself (``revealed``) has asked by then.
QUIET = """async () => {
  const frame = () => new Promise((done) => { requestAnimationFrame(done); });
  for (let still = 0; still < 4; still += 1) {
    await frame();
    if (document.querySelector(".htmx-request, #progress.busy")) still = -1;
  }
  await document.fonts.ready;
  const moving = document.getAnimations().filter((one) => one.playState === "running"
    && one.effect.getComputedTiming().endTime < 10000);
  await Promise.all(moving.map((one) => one.finished.catch(() => {})));
}"""
FOUND = """async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  return { violations, wider: document.documentElement.scrollWidth - innerWidth };
}"""


def assert_accessible(page: Page, url: str) -> None:
    """Open ``url`` at the desk, and hold it to the rules there and on a phone."""
    _look(page, *LOOKS[0])
    page.goto(url)
    assert_each_look(page)


def assert_each_look(page: Page) -> None:
    """Hold the page as it stands to the rules in each look; it is left as at the desk."""
    for width, scheme in LOOKS:
        _look(page, width, scheme)
        assert_look(page, f"{width} px, {scheme}")
    _look(page, *LOOKS[0])


def assert_look(page: Page, look: str) -> None:
    """Fail with axe's words on any violation in the one look that the page has now."""
    if not page.evaluate("'axe' in window"):
        page.add_init_script(AXE_SCRIPT)  # the pages that follow have it from the start
        page.evaluate(AXE_SCRIPT)
    page.evaluate(QUIET)
    found: dict[str, Any] = page.evaluate(FOUND)
    results, where = AxeResults(found), f"{page.url} ({look})"
    assert results.violations_count == 0, f"{where}: {results.generate_report()}"
    assert found["wider"] <= 0, f"{where} is {found['wider']} px wider than the window"


def _look(page: Page, width: int, scheme: Literal["light", "dark"]) -> None:
    size = page.viewport_size
    if size is None or size["width"] != width:
        page.set_viewport_size({"width": width, "height": 850})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
