"""Summaries: only of what the reader may see, only what a fact shows, each with its link."""

import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.standins.gemini import Gemini
from tests.visitor import Visitor
from wholesale.access.models import RolePermission
from wholesale.assistant.models import AssistantCall
from wholesale.core.clock import now
from wholesale.customers.models import Activity
from wholesale.leads.models import Lead
from wholesale.orders.models import Order


@pytest.fixture
def history(session: Session, cast: Cast) -> None:
    """A call, an order of the rep, one of the rival, and a lead of the rival."""
    call = Activity(organization_id=cast.organization, kind="call", body="Wants warm-up suits")
    call.author_id, call.entry_key = cast.users["sales"], None
    mine, theirs = (
        Order(
            code=code,
            placed_at=now(),
            organization_id=cast.organization,
            salesperson_id=cast.users[who],
            subtotal=total,
        )
        for code, who, total in (("O-MINE", "sales", 100), ("O-RIVAL", "sales2", 777))
    )
    lead = Lead(code="L-RIVAL", name="Secret singlets", company="", owner_id=cast.users["sales2"])
    lead.organization_id, lead.claimed_at = cast.organization, now()
    session.add_all([call, mine, theirs, lead])
    session.commit()


def said(*statements: tuple[str, list[str]], then: str = "", then_facts: tuple = ()) -> Any:
    """Return a summary as the model writes it."""
    happened = [{"text": text, "facts": facts} for text, facts in statements]
    step = [{"text": then, "facts": list(then_facts)}] if then else []
    return {"happened": happened, "open": [], "next_step": step}


def fact(prompt: str, words: str) -> str:
    """Return the id of the fact that has ``words`` in it."""
    found = re.search(rf"^(F\d+): [^\n]*{re.escape(words)}", prompt, re.M)
    assert found, f"no fact says {words!r}"
    return found[1]


def summarise(rep: Visitor, gemini: Gemini, url: str) -> str:
    """Ask for a summary and return what the model was told."""
    gemini.says = said()
    rep.post(url)
    return gemini.prompt


def test_a_customer_in_the_reader_s_scope(
    gemini: Gemini, rep: Visitor, history: None, cast: Cast, session: Session
):
    prompt = summarise(rep, gemini, f"/organizations/{cast.organization}/assistant/summary")
    for words in ("Wolverton Wrestling Club", "Coach Carter", "O-MINE", "Wants warm-up suits"):
        assert words in prompt
    for words in ("O-RIVAL", "777", "Secret singlets", "Bärenfels"):
        assert words not in prompt


def test_each_statement_leads_to_its_record(
    gemini: Gemini, rep: Visitor, history: None, cast: Cast
):
    url = f"/organizations/{cast.organization}/assistant/summary"
    prompt = summarise(rep, gemini, url)
    order, call = fact(prompt, "O-MINE"), fact(prompt, "warm-up suits")
    gemini.says = said(
        ("An order of 100 was placed.", [order, "F999"]),
        ("They are rich.", []),
        ("They love us.", ["F999", "orders:1", "javascript:alert(1)"]),
        then="Offer warm-up suits.",
        then_facts=(call,),
    )
    page = rep.post(url).text
    assert "An order of 100 was placed." in page
    assert 'href="/orders/O-MINE"' in page
    assert "Offer warm-up suits." in page
    assert 'href="/activities/' in page
    assert "They are rich." not in page
    assert "They love us." not in page
    assert "F999" not in page
    assert "javascript:" not in page


def test_markup_in_an_answer_is_text(gemini: Gemini, rep: Visitor, history: None, cast: Cast):
    url = f"/organizations/{cast.organization}/assistant/summary"
    key = fact(summarise(rep, gemini, url), "O-MINE")
    gemini.says = said(("<img src=x onerror=alert(1)>[here](https://evil.example)", [key]))
    page = rep.post(url).text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<img src=x" not in page
    assert 'href="https://evil.example' not in page


def test_nothing_that_the_records_show(gemini: Gemini, rep: Visitor, cast: Cast):
    gemini.says = said(("They are rich.", ["F77"]))
    page = rep.post(f"/organizations/{cast.organization}/assistant/summary").text
    assert "said nothing that the records show" in page


def test_an_order_with_its_rows_and_steps(
    gemini: Gemini, rep: Visitor, placed: str, session: Session
):
    order = session.query(Order).one()
    order.contact_id = order.organization.contacts[0].id
    order.organization.contacts[0].email = "coach@club.example"
    session.commit()
    rep.post(f"/orders/{placed}/transitions", {"step": "ask_sizes", "seen": "new"})
    prompt = summarise(rep, gemini, f"/orders/{placed}/assistant/summary")
    assert fact(prompt, "Home jersey (JRS-1), 12 units: Navy 12")
    assert fact(prompt, f"Order {placed}, waiting for sizes")
    assert fact(prompt, "Rita Rep moved the order from new to waiting for sizes")
    assert "coach@club.example" not in prompt


def test_another_rep_s_order_has_no_summary(gemini: Gemini, visit, placed: str):
    answer = visit("sales2").post(f"/orders/{placed}/assistant/summary")
    assert answer.status_code == 404
    assert gemini.calls == []


def test_who_may_not_read_customers_gets_the_order_alone(
    gemini: Gemini, rep: Visitor, placed: str, session: Session
):
    rows = session.query(RolePermission).filter_by(role="sales", resource="organizations")
    before = {row.action: row.scope for row in rows}
    try:
        for row in rows:
            row.scope = "none"
        session.commit()
        prompt = summarise(rep, gemini, f"/orders/{placed}/assistant/summary")
        assert placed in prompt
        assert "Customer Wolverton" not in prompt
    finally:
        for row in rows:
            row.scope = before[row.action]
        session.commit()


def test_the_page_asks_only_when_told_to(gemini: Gemini, rep: Visitor, cast: Cast):
    page = rep.get(f"/organizations/{cast.organization}/assistant/summary")
    assert "Summarise" in page.text
    assert gemini.calls == []
    assert "assistant/summary" in rep.get(f"/organizations/{cast.organization}").text


def test_a_service_in_trouble_is_told_on_the_page(
    gemini: Gemini, rep: Visitor, cast: Cast, session: Session
):
    gemini.says = "<html>"
    answer = rep.post(f"/organizations/{cast.organization}/assistant/summary")
    assert answer.status_code == 503
    assert "could not be read" in answer.text
    assert session.query(AssistantCall).one().record == f"organizations:{cast.organization}"


def test_off_without_a_key(rep: Visitor, cast: Cast, placed: str):
    assert "assistant" not in rep.get(f"/organizations/{cast.organization}").text
    assert "assistant" not in rep.get(f"/orders/{placed}").text
    for url in (f"/organizations/{cast.organization}", f"/orders/{placed}"):
        assert rep.post(f"{url}/assistant/summary").status_code == 409
        assert rep.post(f"{url}/assistant/mail").status_code == 409
