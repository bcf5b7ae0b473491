"""The gate: each view says what it needs, and gets only visitors who may."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.visitor import Visitor
from wholesale.access import gate
from wholesale.access.gate import require


def test_the_application_does_not_start_with_a_view_that_says_nothing():
    app = Flask(__name__)
    app.add_url_rule("/open", "open", lambda: "anyone")
    gate.init_app(app)
    with pytest.raises(RuntimeError, match="open"):
        gate.refuse_unstamped(app)


def test_a_view_cannot_ask_for_a_permission_that_the_matrix_does_not_know():
    with pytest.raises(ValueError, match="orders:fly"):
        require("orders:fly")


def test_a_visitor_is_sent_to_sign_in_and_comes_back(app: Flask):
    answer = app.test_client().get("/orders?status=new")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/orders?status%3Dnew"


def test_an_htmx_request_without_a_session_is_asked_to_sign_in_in_place(app: Flask):
    answer = app.test_client().get("/orders", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Reswap"] == "none"
    assert 'id="dialog-slot" hx-swap-oob="innerHTML"' in answer.text
    assert "Sign in to go on" in answer.text


@pytest.mark.parametrize(
    ("who", "url", "status"),
    [
        ("manufacturer", "/organizations", 403),
        ("manufacturer", "/products", 200),
        ("designer", "/orders", 200),
        ("designer", "/orders/new", 403),
        ("finance", "/orders/new", 403),
        ("ops", "/orders/new", 200),
    ],
)
def test_roles_reach_what_the_matrix_grants(
    visit: Callable[[str], Visitor], who: str, url: str, status: int
):
    assert visit(who).get(url).status_code == status


def test_buttons_a_person_may_not_use_are_left_out(visit: Callable[[str], Visitor]):
    assert 'href="/orders/new"' in visit("sales").get("/").text
    assert 'href="/orders/new"' not in visit("designer").get("/").text
    assert "/organizations" not in visit("manufacturer").get("/").text
