"""Fragments: the server chooses them, each stands alone, and pages stay whole without htmx."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.cast import Cast
from tests.visitor import Visitor, hx

PAGES = ["/", "/orders", "/orders/new", "/organizations", "/products", "/products/JRS-1", "/search"]


@pytest.mark.parametrize("url", PAGES)
def test_a_browser_gets_the_whole_page(rep: Visitor, cast: Cast, url: str):
    page = rep.get(url).text
    assert page.startswith("<!doctype html>")
    assert 'id="rail"' in page


@pytest.mark.parametrize("url", PAGES)
def test_htmx_gets_the_content_with_title_breadcrumb_and_rail(rep: Visitor, cast: Cast, url: str):
    fragment = rep.hx_get(url).text
    assert "<html" not in fragment
    assert "<h1" in fragment
    assert "<title>" in fragment
    assert re.search(r'id="crumbs"[^>]*hx-swap-oob="true"', fragment)
    assert re.search(r'id="rail"[^>]*hx-swap-oob="true"', fragment)


@pytest.mark.parametrize("url", ["/orders", "/organizations", "/products"])
def test_a_lists_results_come_alone(rep: Visitor, cast: Cast, url: str):
    fragment = rep.hx_get(url, target="results").text
    assert "<h1" not in fragment
    assert "<title>" not in fragment


def test_the_client_cannot_name_a_block_of_its_choice(rep: Visitor):
    assert "<h1" in rep.hx_get("/orders", target="crumbs").text


def test_going_back_in_history_gets_the_whole_page(rep: Visitor):
    headers = hx("main") | {"HX-History-Restore-Request": "true"}
    assert rep.get("/orders", headers=headers).text.startswith("<!doctype html>")


def test_messages_come_once_with_the_next_answer(rep: Visitor, cast: Cast):
    form = {"organization_id": cast.organization, "key": str(uuid4())}
    draft = rep.post("/orders/new", form).location
    rep.post(f"{draft}/discard")
    assert "Draft discarded." in rep.hx_get("/").text
    assert "Draft discarded." not in rep.get("/").text


def test_every_htmx_attribute_stands_on_a_link_or_form_with_the_same_address(
    rep: Visitor, cast: Cast
):
    for url in PAGES:
        for tag in re.findall(r"<(?:a|form)\b[^>]*hx-(?:get|post)[^>]*>", rep.get(url).text):
            plain = re.search(r'(?:href|action)="([^"]+)"', tag)
            enhanced = re.search(r'hx-(?:get|post)="([^"]+)"', tag)
            assert plain and enhanced and plain[1] == enhanced[1], tag


def test_an_organizations_page_fetches_its_orders(visit: Callable[[str], Visitor], cast: Cast):
    url = f"/orders?organization={cast.organization}"
    assert f'hx-get="{url}"' in visit("sales").get(f"/organizations/{cast.organization}").text
    assert "No orders to show." in visit("sales").hx_get(url, target="organization-orders").text


def test_a_panel_that_fetches_itself_takes_no_message_from_the_page(rep: Visitor, cast: Cast):
    rep.post(f"/organizations/{cast.organization}/archive")
    panel = rep.hx_get(f"/organizations/{cast.organization}/history", target="history")
    assert "is archived." not in panel.text
    page = rep.hx_get(f"/organizations/{cast.organization}")
    assert page.text.count("Wolverton Wrestling Club is archived.") == 1
