"""Security headers, and pages without inline script or style."""

import re

import pytest
from flask import Flask

from tests.cast import Cast
from tests.visitor import Visitor
from wholesale import create_app
from wholesale.config import Settings

PAGES = [
    "/",
    "/orders",
    "/orders/new?q=w",
    "/organizations",
    "/products",
    "/products/JRS-1",
    "/search?q=j",
]


def test_every_answer_carries_the_headers(rep: Visitor):
    headers = rep.get("/").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "HX-Request" in headers["Vary"]
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("url", PAGES)
def test_no_page_has_inline_script_or_style(rep: Visitor, cast: Cast, url: str):
    page = rep.get(url).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
    assert not re.search(r"hx-on|js:", page)


def test_static_files_named_by_their_content_may_be_kept_for_good(rep: Visitor):
    sheet = re.search(r'href="(/static/css/base.css\?v=\w+)"', rep.get("/").text)
    assert sheet is not None
    assert "immutable" in rep.get(sheet[1]).headers["Cache-Control"]


def test_production_asks_for_https_and_secure_cookies(database_url: str):
    settings = Settings(app_env="production", database_url=database_url, session_secret="s" * 40)
    answer = create_app(settings).test_client().get("/sign-in")
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]


def test_the_clients_address_is_taken_from_trusted_proxies_only(database_url: str, app: Flask):
    header = {"X-Forwarded-For": "203.0.113.9"}
    for proxies, expected in ((0, "127.0.0.1"), (1, "203.0.113.9")):
        settings = Settings(
            app_env="test", database_url=database_url, session_secret="s", trusted_proxies=proxies
        )
        fresh = create_app(settings)
        with fresh.test_client() as client:
            from flask import request

            client.get("/sign-in", headers=header)
            assert request.remote_addr == expected
