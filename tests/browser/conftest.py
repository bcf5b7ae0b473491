"""Headless Chromium against the application served by waitress, on the worker's own database."""

import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import waitress
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from sqlalchemy.orm import Session

from tests.cast import EMAILS, PASSWORD, Cast
from tests.visitor import Visitor

SignIn = Callable[[Page, str], Page]

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium; Playwright brings none of its own."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    return {**browser_type_launch_args, "executable_path": found, "args": QUIET}


@pytest.fixture(scope="session")
def live_url(application: Flask) -> Iterator[str]:
    """The address at which waitress serves the application."""
    server = waitress.create_server(application, host="127.0.0.1", port=0, threads=6)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


@pytest.fixture
def browser_context_args(
    browser_context_args: dict[str, Any], app: Flask, live_url: str, request: pytest.FixtureRequest
) -> dict[str, Any]:
    """A desk's window in light colours; a ``window`` mark changes that.

    It stands on ``app``, so that windows close before the database is emptied.
    """
    mark = request.node.get_closest_marker("window")
    size = {"viewport": {"width": 1440, "height": 900}, "base_url": live_url}
    return {**browser_context_args, **size, **(mark.kwargs if mark else {})}


@pytest.fixture
def sign_in(cast: Cast, visit: Callable[[str], Visitor], live_url: str) -> SignIn:
    """Give somebody of the cast a session, as their browser has it after the form."""

    def enter(page: Page, who: str = "sales") -> Page:
        page.set_default_timeout(8000)
        value = visit(who).cookie
        page.context.add_cookies([{"name": "wholesale", "value": value, "url": live_url}])
        page.goto("/")
        return page

    return enter


@pytest.fixture
def sign_in_by_form(cast: Cast) -> SignIn:
    """Sign somebody of the cast in as they do it."""

    def fill(page: Page, who: str = "sales") -> Page:
        page.set_default_timeout(8000)
        page.goto("/sign-in")
        page.get_by_label("E-mail").fill(EMAILS[who])
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/")
        return page

    return fill


@pytest.fixture
def complaints(context: BrowserContext) -> Iterator[list[str]]:
    """What the browser's console complained of; empty at the end unless a test takes it out."""
    found: list[str] = []
    context.on("console", lambda m: found.append(m.text) if m.type in ("error", "warning") else 0)
    context.on("weberror", lambda error: found.append(str(error.error)))
    yield found
    assert found == []


@pytest.fixture
def desk(
    page: Page,
    sign_in: Callable[[Page, str], Page],
    complaints: list[str],
    cast: Cast,
    session: Session,
) -> Page:
    """The rep's browser, signed in, at the dashboard."""
    return sign_in(page, "sales")
