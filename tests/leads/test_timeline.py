"""The timeline of a lead: what happened, what to follow up on, one's own entries taken out."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.leads.conftest import Add
from tests.visitor import Visitor
from wholesale.core.clock import now
from wholesale.customers.models import Activity
from wholesale.leads.models import Lead

Visit = Callable[[str], Visitor]


def entry(**changes: str) -> dict[str, str]:
    """Return a filled form with a key of its own and some fields changed."""
    return {"kind": "call", "body": "Called Ana.", "key": str(uuid4())} | changes


def test_an_entry_is_shown_at_once_and_counts_as_activity(
    rep: Visitor, add: Add, session: Session, cast: Cast
):
    lead = add("Singlets", idle=20)
    assert ">Stale</span>" in rep.get("/leads/L-1").text
    answer = rep.hx_post("/leads/L-1/activities", entry(), target="timeline")
    assert "Called Ana." in answer.text
    assert "Rita Rep" in answer.text
    assert 'id="lead-title" hx-swap-oob="true"' in answer.text
    assert ">Stale</span>" not in answer.text
    session.refresh(lead)
    assert now() - lead.last_activity_at < timedelta(minutes=1)
    made = session.query(Activity).one()
    assert (made.kind, made.author_id) == ("call", cast.users["sales"])


def test_a_form_sent_twice_adds_one_entry(rep: Visitor, lead: Lead, session: Session):
    typed = entry()
    for _ in range(2):
        assert rep.post("/leads/L-1/activities", typed).location == "/leads/L-1"
    assert session.query(Activity).count() == 1


def test_a_form_of_another_lead_adds_nothing(rep: Visitor, add: Add, session: Session):
    add("Singlets")
    add("Caps")
    typed = entry()
    rep.post("/leads/L-1/activities", typed)
    assert rep.post("/leads/L-2/activities", typed).status_code == 409
    assert session.query(Activity).count() == 1


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("body", "", "Enter what happened."),
        ("body", "\x00 ", "Enter what happened."),
        ("body", "b" * 5001, "5,000 characters at most"),
        ("kind", "fax", "Not a valid choice"),
        ("follow_up_on", "0001-01-01", "between 1900 and 2199"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_in_its_place(
    rep: Visitor, lead: Lead, session: Session, field: str, text: str, words: str
):
    typed = entry(**{field: text})
    for answer in (
        rep.hx_post("/leads/L-1/activities", typed, target="timeline"),
        rep.post("/leads/L-1/activities", typed),
    ):
        assert answer.status_code == 422
        assert words in answer.text
    assert session.query(Activity).count() == 0


def test_a_follow_up_is_overdue_until_it_is_done(rep: Visitor, lead: Lead, session: Session):
    rep.post("/leads/L-1/activities", entry(follow_up_on="2020-01-02"))
    made = session.query(Activity).one()
    page = rep.get("/leads/L-1").text
    assert "Follow up on" in page
    assert "Overdue" in page
    answer = rep.hx_post(f"/leads/L-1/activities/{made.id}/done", target="timeline")
    assert "Done</span>" in answer.text
    assert "Overdue" not in answer.text
    session.refresh(made)
    first = made.done_at
    rep.post(f"/leads/L-1/activities/{made.id}/done")
    session.refresh(made)
    assert made.done_at == first is not None


def test_one_deletes_ones_own_entries_only(
    rep: Visitor, visit: Visit, lead: Lead, session: Session
):
    rep.post("/leads/L-1/activities", entry())
    made, admin = session.query(Activity).one(), visit("admin")
    url = f"/leads/L-1/activities/{made.id}/deletion"
    assert "Delete entry" not in admin.get("/leads/L-1").text
    refused = admin.post(url)
    assert refused.status_code == 409
    assert "Only who wrote an entry can delete it." in refused.text
    assert "Delete this entry? This cannot be undone." in rep.get("/leads/L-1").text
    answer = rep.hx_post(url, target="timeline")
    assert "Called Ana." not in answer.text
    assert session.query(Activity).count() == 0
    assert rep.post(url).status_code == 404
    assert "deleted an entry of" in rep.get("/leads/L-1/history").text


def test_an_entry_of_another_lead_is_not_reached_through_this_one(
    rep: Visitor, add: Add, session: Session
):
    add("Singlets")
    add("Caps", owner="sales2")
    session.add(Activity(lead_id=session.query(Lead).filter_by(code="L-2").one().id, body="x"))
    session.commit()
    key = session.query(Activity).one().id
    assert rep.post(f"/leads/L-1/activities/{key}/deletion").status_code == 404


def test_a_long_timeline_goes_page_by_page_newest_first(rep: Visitor, lead: Lead, session: Session):
    for number in range(60):
        happened = now() - timedelta(days=number)
        session.add(Activity(lead_id=lead.id, body=f"Call {number:02}", happened_at=happened))
    session.commit()
    page = rep.get("/leads/L-1").text
    assert page.index("Call 00") < page.index("Call 01")
    assert "Call 59" not in page
    link = page.split('href="/leads/L-1/activities?after=')[1].split('"')[0]
    older = rep.hx_get(f"/leads/L-1/activities?after={link}", target="timeline").text
    assert "Call 59" in older
    assert "<html" not in older
    assert "Call 59" in rep.get(f"/leads/L-1/activities?after={link}").text
