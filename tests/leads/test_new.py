"""New leads: in words or for a customer there is, once per form, the rep's own from the start."""

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.visitor import Visitor
from wholesale.core.clock import now
from wholesale.customers.models import Organization
from wholesale.leads.models import Lead

Visit = Callable[[str], Visitor]


def form(**changes: object) -> dict[str, object]:
    """Return a filled form with a key of its own and some fields changed."""
    filled = {"company": "Ridge Runners", "name": "Fall singlets", "key": str(uuid4())}
    return filled | changes


def test_a_new_lead_is_the_reps_own_and_on_screen_everywhere(
    rep: Visitor, visit: Visit, session: Session, cast: Cast
):
    typed = form(value="1,234.50", score="40", person="Ana", email="ANA@Ridge.example")
    typed |= {"next_step": "Call", "next_step_on": "2030-01-02", "source": "Web", "city": "Ridge"}
    answer = rep.post("/leads/new", typed)
    made = session.query(Lead).one()
    assert answer.location == f"/leads/{made.code}"
    assert (made.value, made.score, made.stage) == (Decimal("1234.50"), 40, "lead")
    assert made.email == "ana@ridge.example"
    assert made.owner_id == cast.users["sales"]
    page = rep.get(answer.location).text
    for words in ("Fall singlets", "$1,234.50", "40 of 100", "Ana", "Call", "Web", "is added"):
        assert words in page
    for url in ("/leads", "/leads?view=list", "/search?q=fall"):
        assert "Fall singlets" in rep.get(url).text
    assert visit("sales2").post(f"/leads/{made.code}/claim").status_code == 404


def test_a_form_sent_twice_makes_one_lead(rep: Visitor, session: Session):
    typed = form()
    first, second = rep.post("/leads/new", typed), rep.post("/leads/new", typed)
    assert first.location == second.location
    assert session.query(Lead).count() == 1


def test_another_reps_form_shows_nothing_of_their_lead(
    rep: Visitor, visit: Visit, session: Session
):
    typed = form()
    rep.post("/leads/new", typed)
    answer = visit("sales2").post("/leads/new", typed)
    assert answer.status_code == 422
    assert "This form was used already." in answer.text
    assert session.query(Lead).count() == 1


def test_codes_go_on(rep: Visitor, session: Session):
    for _ in range(2):
        rep.post("/leads/new", form())
    first, second = (lead.code for lead in session.query(Lead).order_by(Lead.id))
    assert first.startswith("L-")
    assert second > first


def test_customers_much_alike_are_suggested_while_typing(rep: Visitor, cast: Cast):
    found = rep.hx_get("/leads/similar?company=Wolvertn Wrestling", target="similar").text
    assert "Wolverton Wrestling Club" in found
    assert f'name="use" value="{cast.organization}"' in found
    assert rep.hx_get("/leads/similar?company=Zebra College", target="similar").text.strip() == ""
    assert rep.hx_get("/leads/similar?company=%00", target="similar").status_code < 500


def test_a_customer_is_taken_into_the_form_and_what_was_typed_stays(rep: Visitor, cast: Cast):
    typed = form(use=cast.organization, name="Kept words", organization_id="")
    answer = rep.post("/leads/new", typed)
    assert f'type="hidden" value="{cast.organization}"' in answer.text
    assert "Kept words" in answer.text
    assert "Wolverton Wrestling Club" in answer.text
    assert "Coach Carter" in answer.text
    assert 'name="company"' not in answer.text
    back = rep.post("/leads/new", form(use="", organization_id=cast.organization))
    assert 'name="company"' in back.text
    assert f'type="hidden" value="{cast.organization}"' not in back.text


def test_a_lead_of_a_customer_takes_its_name_and_its_contact(
    rep: Visitor, session: Session, cast: Cast
):
    assert "Wolverton" in rep.get(f"/leads/new?use={cast.organization}").text
    typed = form(company="", organization_id=cast.organization, contact_id=cast.contact)
    assert rep.post("/leads/new", typed).status_code == 303
    made = session.query(Lead).one()
    assert (made.customer, made.contact_id) == ("Wolverton Wrestling Club", cast.contact)
    assert f'href="/organizations/{cast.organization}"' in rep.get(f"/leads/{made.code}").text


@pytest.mark.parametrize("key", ["999999", "99999999999", "-1", "x"])
def test_a_customer_that_is_not_there_is_refused(rep: Visitor, session: Session, key: str):
    answer = rep.post("/leads/new", form(organization_id=key, company=""))
    assert answer.status_code == 422
    assert "Fall singlets" in answer.text
    assert session.query(Lead).count() == 0
    assert rep.get(f"/leads/new?use={key}").status_code == 200


def test_an_archived_customer_is_refused(rep: Visitor, session: Session, cast: Cast):
    session.get_one(Organization, cast.organization).archived_at = now()
    session.commit()
    answer = rep.post("/leads/new", form(organization_id=cast.organization))
    assert answer.status_code == 422
    assert "is archived. Restore it first." in answer.text


def test_a_foreign_contact_is_refused(rep: Visitor, session: Session, cast: Cast):
    for key in (cast.other_contact, 2**40):
        typed = form(organization_id=cast.organization, contact_id=key)
        answer = rep.post("/leads/new", typed)
        assert answer.status_code == 422
        assert "Not a valid choice" in answer.text
    assert session.query(Lead).count() == 0


def test_an_administrator_says_whose_it_is_and_a_rep_does_not(
    rep: Visitor, visit: Visit, session: Session, cast: Cast
):
    admin, rival = visit("admin"), cast.users["sales2"]
    assert 'name="owner_id"' in admin.get("/leads/new").text
    assert 'name="owner_id"' not in rep.get("/leads/new").text
    admin.post("/leads/new", form(name="Given", owner_id=rival))
    admin.post("/leads/new", form(name="Free"))
    rep.post("/leads/new", form(name="Own", owner_id=rival))
    owners = {lead.name: lead.owner_id for lead in session.query(Lead)}
    assert owners == {"Given": rival, "Free": None, "Own": cast.users["sales"]}
