"""Every page as axe-core sees it, at desk and phone width, light and dark, without side scroll."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.browser.accessible import assert_accessible, assert_each_look
from tests.cast import Cast
from wholesale.catalog.models import PriceEntry, PriceList
from wholesale.customers.models import Activity

PAGES = [
    "/",
    "/organizations",
    "/organizations/{organization}",
    "/organizations/new",
    "/organizations/{organization}/details",
    "/organizations/{organization}/deletion",
    "/organizations/{organization}/contacts/new",
    "/organizations/{organization}/contacts",
    "/organizations/{organization}/summary",
    "/organizations/{organization}/timeline",
    "/organizations/{organization}/activities/new",
    "/organizations/{organization}/merge?q=b",
    "/organizations/{organization}/merge?other={other}",
    "/activities/{activity}",
    "/activities/{activity}/edit",
    "/activities/{activity}/deletion",
    "/contacts/{contact}/edit",
    "/contacts/{contact}/deletion",
    "/organizations?q=wolvertn",
    "/contacts",
    "/products",
    "/products/JRS-1",
    "/products/JRS-1/prices?tier=vip&quantity=30",
    "/price-lists",
    "/price-lists/{price_list}",
    "/products?archived=y",
    "/categories",
    "/size-runs",
    "/orders",
    "/orders?status=lost",
    "/orders/new?q=wolver",
    "/orders/{draft}",
    "/orders/{draft}/details",
    "/orders/{draft}/history",
    "/orders/{draft}/paste",
    "/imports",
    "/imports/new/orders",
    "/search?q=je",
    "/account",
    "/nothing-here",
]
ADMIN_PAGES = [
    "/admin",
    "/admin/users",
    "/admin/users/{user}",
    "/admin/invitations",
    "/admin/permissions",
    "/admin/audit",
    "/admin/mail",
    "/admin/maintenance",
    "/admin/system",
    "/price-lists/new?q=wolver",
    "/price-lists/{price_list}",
    "/price-lists/{price_list}/details",
    "/price-lists/{price_list}/deletion",
    "/price-lists/{price_list}/prices/{price_entry}",
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
    expect(desk.locator("#document-units")).to_have_text("12")
    return desk.url.rsplit("/", 1)[1]


@pytest.fixture
def prices(session: Session, cast: Cast) -> PriceEntry:
    """A price of the VIP tier."""
    entry = PriceEntry(price_list=PriceList(name="VIP", tier="vip"), product_id=cast.product)
    entry.price = Decimal("18.00")
    session.add(entry)
    session.commit()
    return entry


def test_every_page(
    desk: Page,
    draft: str,
    prices: PriceEntry,
    cast: Cast,
    session: Session,
    complaints: list[str],
):
    call = Activity(
        organization_id=cast.organization, body="Called", follow_up_on=date(2026, 12, 2)
    )
    call.author_id = cast.users["sales"]
    session.add(call)
    session.commit()
    known = {
        "draft": draft,
        "organization": cast.organization,
        "other": cast.other_organization,
        "contact": cast.contact,
        "activity": call.id,
        "price_list": prices.price_list_id,
    }
    for url in PAGES:
        assert_accessible(desk, url.format(**known))
    complaints.clear()  # the pages that answer 404 and 422 are reported by the browser


def test_every_admin_page(
    page: Page,
    sign_in: Callable[[Page, str], Page],
    cast: Cast,
    prices: PriceEntry,
    complaints: list[str],
):
    keys = {"user": cast.users["designer"], "price_list": prices.price_list_id}
    sign_in(page, "admin")
    page.goto("/admin/invitations")
    page.get_by_label("E-mail").fill("new@house.example")
    page.get_by_label("Name").fill("Nora New")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text("new@house.example is invited.")).to_be_visible()
    for url in ADMIN_PAGES:
        assert_accessible(page, url.format(price_entry=prices.id, **keys))


@pytest.mark.parametrize("url", ["/sign-in", "/forgot-password", "/invitations/none"])
def test_pages_before_signing_in(page: Page, live_url: str, url: str):
    assert_accessible(page, url)


def test_a_refused_cell(desk: Page, draft: str, complaints: list[str]):
    desk.get_by_label("Navy L").fill("x")
    desk.keyboard.press("Tab")
    expect(desk.locator("#cell-errors li")).to_have_count(1)
    assert_each_look(desk)
    desk.get_by_label("Navy L").press("Escape")
    complaints.clear()
