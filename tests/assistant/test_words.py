"""A question in words becomes a link to one of our lists, checked by that list's own form."""

import html
import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.standins.gemini import Gemini
from tests.visitor import Visitor
from wholesale.core.clock import now
from wholesale.orders.models import Order


def list_(which: str, sort: str = "", **filters: Any) -> dict[str, Any]:
    """Return a list as the model names it."""
    pairs = [
        {"name": name, "value": value}
        for name, values in filters.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    return {"which": which, "filters": pairs, "sort": sort}


def ask(visitor: Visitor, question: str = "What about Wolverton?") -> tuple[int, str, str]:
    """Ask a question; return status, page, and the address of the list that was found."""
    answer = visitor.post("/ask", {"question": question})
    link = re.search(r'class="button primary" href="([^"]+)"[^>]*>Open this list', answer.text)
    return answer.status_code, answer.text, html.unescape(link[1]) if link else ""


@pytest.mark.parametrize(
    ("says", "url"),
    [
        (list_("orders", q="Wolverton", late="y"), "/orders?q=Wolverton&late=y"),
        (
            list_("orders", "-total", status=["new", "Invoiced"]),
            "/orders?status=new&status=invoiced&sort=-total",
        ),
        (list_("orders", delivery_to="2026-12-24"), "/orders?delivery_to=2026-12-24"),
        (list_("quotes", expiring="yes"), "/quotes?expiring=y"),
        (list_("leads", "value", owner="me"), "/leads?owner=me&sort=value&view=list"),
        (list_("organizations", client_type="College"), "/organizations?client_type=college"),
        (list_("contacts", q="Carter"), "/contacts?q=Carter"),
        (list_("products", decoration="dtg", archived="no"), "/products?decoration=dtg"),
        (list_("orders", q=" "), "/orders"),
    ],
)
def test_a_question_and_its_list(gemini: Gemini, rep: Visitor, says: dict[str, Any], url: str):
    gemini.says = says
    status, _, link = ask(rep)
    assert (status, link) == (200, url)
    assert rep.get(link).status_code == 200


def test_people_are_found_by_their_names(gemini: Gemini, rep: Visitor, cast: Cast):
    gemini.says = list_("orders", salesperson="rolf rival")
    assert ask(rep)[2] == f"/orders?salesperson={cast.users['sales2']}"
    gemini.says = list_("orders", salesperson="me")
    assert ask(rep)[2] == f"/orders?salesperson={cast.users['sales']}"


def test_the_filter_is_shown_in_words(gemini: Gemini, rep: Visitor, cast: Cast):
    gemini.says = list_("orders", "-total", status=["new"], salesperson="Rita Rep", late="y")
    page = ask(rep)[1]
    for words in ("<dt>Status</dt><dd>New</dd>", "<dd>Rita Rep</dd>", "<dt>Late</dt><dd>yes</dd>"):
        assert words in page
    assert "total, falling" in page


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (list_("orders", margin="high"), "The list of orders has no filter “margin”."),
        (list_("orders", organization="1"), "has no filter “organization”"),
        (list_("orders", csrf_token="x"), "has no filter “csrf_token”"),
        (list_("orders", status="stolen"), "none is called “stolen”"),
        (list_("orders", salesperson="R"), "more than one is called “R”"),
        (list_("orders", placed_from="yesterday"), "cannot be read"),
        (list_("orders", q="x" * 200 + "; DROP TABLE orders"), "could not be read"),
        (list_("orders", "-cost"), "cannot be sorted by “-cost”"),
        (list_("users"), "could not be read"),
        ({"sql": "SELECT * FROM users"}, "could not be read"),
        ({"which": "orders", "filters": [], "sort": "", "url": "javascript:1"}, "be read"),
        ("SELECT * FROM orders", "could not be read"),
    ],
)
def test_what_no_list_has_is_refused(gemini: Gemini, rep: Visitor, says: Any, words: str):
    gemini.says = says
    status, page, link = ask(rep)
    assert status in (422, 503)
    assert words in page
    assert link == ""
    assert "What about Wolverton?" in page


def test_a_list_that_one_may_not_read_is_not_offered(gemini: Gemini, visit):
    gemini.says = list_("quotes")
    designer = visit("designer")
    status, page, link = ask(designer)
    assert (status, link) == (422, "")
    assert "which you may not see" in page
    assert "quotes:" not in gemini.prompt
    assert "orders:" in gemini.prompt


def test_the_answer_obeys_the_reader_s_scope(
    gemini: Gemini, rep: Visitor, session: Session, cast: Cast
):
    for code, who in (("O-MINE", "sales"), ("O-RIVAL", "sales2")):
        order = Order(code=code, placed_at=now(), organization_id=cast.organization)
        order.salesperson_id = cast.users[who]
        session.add(order)
    session.commit()
    gemini.says = list_("orders", q="Wolverton")
    shown = rep.get(ask(rep, "Show all orders of all reps")[2]).text
    assert "O-MINE" in shown
    assert "O-RIVAL" not in shown
    assert "O-MINE" not in gemini.prompt  # what the lists hold is not told


def test_nothing_opens_by_itself(gemini: Gemini, rep: Visitor):
    gemini.says = list_("orders")
    answer = rep.hx_post("/ask", {"question": "All orders?"})
    assert answer.status_code == 200
    assert "HX-Location" not in answer.headers
    assert "HX-Redirect" not in answer.headers


def test_a_question_too_long_or_none(gemini: Gemini, rep: Visitor):
    assert "Ask something." in ask(rep, " ")[1]
    assert "500 characters at most" in ask(rep, "x" * 501)[1]
    assert gemini.calls == []


def test_the_search_page_leads_there(gemini: Gemini, rep: Visitor):
    assert 'href="/ask?q=late+orders"' in rep.get("/search?q=late orders").text
    assert 'value="late orders"' in rep.get("/ask?q=late orders").text


def test_off_without_a_key(rep: Visitor):
    assert "/ask" not in rep.get("/search?q=late").text
    assert rep.post("/ask", {"question": "?"}).status_code == 409
