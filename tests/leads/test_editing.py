"""Editing a lead in place: sections, two people's edits merged; put away, brought back, deleted."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.leads.conftest import Add
from tests.visitor import Visitor
from wholesale.core.clock import now
from wholesale.customers.models import Activity, Contact
from wholesale.leads.models import Lead

Visit = Callable[[str], Visitor]


def what(**changes: str) -> dict[str, str]:
    """Return the section's form as it was opened, with some fields changed."""
    opened = {"name": "Singlets", "value": "0.00", "score": "0", "source": "", "notes": ""}
    return opened | {f"was.{name}": text for name, text in opened.items()} | changes


def test_a_section_is_edited_in_place_and_the_title_follows(
    rep: Visitor, lead: Lead, session: Session
):
    assert 'action="/leads/L-1/what"' in rep.hx_get("/leads/L-1/what", target="what").text
    form = what(name="Fall singlets", value="99.90", score="75")
    answer = rep.hx_post("/leads/L-1/what", form, target="what")
    assert "<form" not in answer.text
    assert 'id="lead-title" hx-swap-oob="true"' in answer.text
    assert "Fall singlets" in answer.text
    assert "$99.90" in answer.text
    session.refresh(lead)
    assert (lead.name, lead.value, lead.score) == ("Fall singlets", Decimal("99.90"), 75)


def test_without_javascript_a_section_is_a_page_of_its_own(rep: Visitor, lead: Lead):
    page = rep.get("/leads/L-1/next").text
    assert "<title>Edit L-1" in page
    form = {"next_step": "Call Ana", "next_step_on": "2020-01-02"}
    assert rep.post("/leads/L-1/next", form).location == "/leads/L-1"
    shown = rep.get("/leads/L-1").text
    assert "Call Ana" in shown
    assert "Overdue" in shown
    assert "Overdue" in rep.get("/leads").text


def test_what_is_emptied_is_gone(rep: Visitor, add: Add, session: Session):
    lead = add("Caps", next_step="Call", next_step_on=date(2030, 1, 2), score=5)
    was = {"was.next_step": "Call", "was.next_step_on": "2030-01-02"}
    rep.post("/leads/L-1/next", {"next_step": "", "next_step_on": ""} | was)
    rep.post("/leads/L-1/what", {"name": "Caps", "score": "", "value": "", "was.score": "5"})
    session.refresh(lead)
    assert (lead.next_step, lead.next_step_on, lead.score) == (None, None, 0)


def test_edits_of_two_people_in_different_fields_both_stay(
    rep: Visitor, visit: Visit, lead: Lead, session: Session
):
    visit("admin").post("/leads/L-1/what", what(score="60", notes="Theirs"))
    assert rep.post("/leads/L-1/what", what(value="500")).status_code == 303
    session.refresh(lead)
    assert (lead.score, lead.value, lead.notes) == (60, Decimal(500), "Theirs")


def test_the_same_field_shows_mine_theirs_and_before(
    rep: Visitor, visit: Visit, lead: Lead, session: Session
):
    visit("admin").post("/leads/L-1/what", what(name="Theirs"))
    answer = rep.hx_post("/leads/L-1/what", what(name="Mine"), target="what")
    assert answer.status_code == 409
    for words in ("Mine", "Theirs", "Singlets", "Take theirs"):
        assert words in answer.text
    session.refresh(lead)
    assert lead.name == "Theirs"
    knowingly = what(name="Mine") | {"was.name": "Theirs"}
    assert rep.post("/leads/L-1/what", knowingly).status_code == 303
    session.refresh(lead)
    assert lead.name == "Mine"


def test_of_a_customers_lead_the_contact_is_chosen_from_its_people(
    rep: Visitor, add: Add, session: Session, cast: Cast
):
    lead = add("Caps", organization_id=cast.organization)
    page = rep.get("/leads/L-1/who").text
    assert "Coach Carter" in page
    assert "Berta" not in page
    assert rep.post("/leads/L-1/who", {"contact_id": cast.other_contact}).status_code == 422
    assert rep.post("/leads/L-1/who", {"contact_id": "99999999999"}).status_code == 422
    assert rep.post("/leads/L-1/who", {"contact_id": cast.contact}).status_code == 303
    session.refresh(lead)
    assert lead.contact_id == cast.contact


def test_an_archived_contact_stays_until_another_is_chosen(
    rep: Visitor, add: Add, session: Session, cast: Cast
):
    lead = add("Caps", organization_id=cast.organization, contact_id=cast.contact)
    session.get_one(Contact, cast.contact).archived_at = now()
    session.commit()
    both = {"contact_id": cast.contact, "was.contact_id": cast.contact}
    assert rep.post("/leads/L-1/who", both).status_code == 303
    session.refresh(lead)
    assert lead.contact_id == cast.contact


def test_the_history_names_who_changed_what(rep: Visitor, lead: Lead):
    rep.post("/leads/L-1/what", what(name="Fall singlets"))
    page = rep.get("/leads/L-1/history").text
    for words in ("Rita Rep", "Singlets", "Fall singlets"):
        assert words in page


def test_an_archived_lead_leaves_the_board_stays_readable_and_comes_back(rep: Visitor, lead: Lead):
    rep.post("/leads/L-1/archive")
    rep.get("/account")  # takes the message
    assert "Singlets" not in rep.get("/leads").text
    assert "Singlets" in rep.get("/leads?archived=y").text
    page = rep.get("/leads/L-1").text
    assert ">Archived</span>" in page
    assert "Restore" in page
    assert "Convert to customer" not in page
    rep.post("/leads/L-1/restore")
    assert "Singlets" in rep.get("/leads").text


def test_archiving_twice_keeps_the_first_day(rep: Visitor, lead: Lead, session: Session):
    rep.post("/leads/L-1/archive")
    session.refresh(lead)
    since = lead.archived_at
    rep.post("/leads/L-1/archive")
    session.refresh(lead)
    assert lead.archived_at == since


def test_a_lead_that_nothing_refers_to_is_deleted_after_asking(
    rep: Visitor, lead: Lead, session: Session
):
    assert "Delete Singlets?" in rep.get("/leads/L-1/deletion").text
    assert rep.post("/leads/L-1/deletion").location == "/leads"
    assert session.query(Lead).count() == 0
    assert rep.post("/leads/L-1/deletion").status_code == 404


def test_a_lead_with_a_timeline_says_so_and_offers_to_archive(
    rep: Visitor, lead: Lead, session: Session
):
    entry = {"kind": "call", "body": "Called.", "key": str(uuid4())}
    rep.post("/leads/L-1/activities", entry)
    page = rep.get("/leads/L-1/deletion").text
    assert "1 entry of the timeline" in page
    assert "Archive instead" in page
    assert "Delete lead" not in page
    assert rep.post("/leads/L-1/deletion").status_code == 409
    assert session.query(Activity).count() == session.query(Lead).count() == 1


@pytest.mark.parametrize("section", ["nothing", "stage"])
def test_a_section_that_is_not_there_is_no_page(rep: Visitor, lead: Lead, section: str):
    assert rep.get(f"/leads/L-1/{section}").status_code in (404, 405)
