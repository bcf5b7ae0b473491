"""A lead becomes a customer with a contact and a draft quote: once, whoever clicks how often."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.leads.conftest import Add
from tests.visitor import Visitor
from wholesale.core.clock import now
from wholesale.customers.models import Activity, Contact, Organization
from wholesale.leads.models import Lead
from wholesale.quotes.models import Quote

Visit = Callable[[str], Visitor]


def made(session: Session) -> Organization:
    """Return the customer that was made of the lead."""
    return session.query(Organization).filter_by(name="Ridge Runners").one()


def test_a_lead_in_words_becomes_customer_contact_and_draft_quote(
    rep: Visitor, lead: Lead, session: Session, cast: Cast
):
    rep.post("/leads/L-1/activities", {"kind": "call", "body": "Called Ana.", "key": str(uuid4())})
    answer = rep.post("/leads/L-1/conversion")
    quote, customer = session.query(Quote).one(), made(session)
    assert answer.location == f"/quotes/{quote.ref}"
    assert (customer.city, customer.salesperson_id) == ("Ridge", cast.users["sales"])
    person = session.query(Contact).filter_by(organization_id=customer.id).one()
    assert (person.name, person.email, person.is_primary) == (
        "Ana Ridge",
        "ana@ridge.example",
        True,
    )
    assert (quote.name, quote.organization_id, quote.contact_id, quote.status) == (
        "Singlets",
        customer.id,
        person.id,
        "draft",
    )
    session.refresh(lead)
    assert (lead.stage, lead.organization_id, lead.contact_id) == (
        "client",
        customer.id,
        person.id,
    )
    assert lead.converted_at is not None
    assert session.query(Activity).one().organization_id == customer.id
    page = rep.get(answer.location).text
    assert "Ridge Runners" in page
    assert "Ridge Runners" in rep.get("/organizations").text


def test_converting_again_opens_the_same_quote(rep: Visitor, lead: Lead, session: Session):
    first, second = (rep.post("/leads/L-1/conversion") for _ in range(2))
    assert first.location == second.location
    assert session.query(Quote).count() == 1
    assert made(session)
    assert "Open its quote" in rep.get("/leads/L-1").text


def test_two_who_convert_at_once_make_one_customer_and_one_quote(
    rep: Visitor, visit: Visit, add: Add, session: Session
):
    people = [rep, visit("admin")]
    for number in range(1, 5):
        add("Kit", company=f"Zebra {number * 1111}", person="Zoe")
        start = Barrier(2)

        def convert(
            person: Visitor, url: str = f"/leads/L-{number}/conversion", start: Barrier = start
        ):
            start.wait()
            return person.post(url, {"sure": "y"})

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(convert, people))
        assert [answer.status_code for answer in answers] == [303, 303]
        company = Organization.name == f"Zebra {number * 1111}"
        assert session.query(Organization).filter(company).count() == 1
        assert session.query(Contact).filter_by(name="Zoe").count() == number
        assert session.query(Quote).count() == number


def test_a_lead_of_a_customer_makes_no_other_one(
    rep: Visitor, add: Add, session: Session, cast: Cast
):
    add("Caps", company="", organization_id=cast.organization, contact_id=cast.contact)
    rep.post("/leads/L-1/conversion")
    quote = session.query(Quote).one()
    assert (quote.organization_id, quote.contact_id) == (cast.organization, cast.contact)
    assert session.query(Organization).count() == session.query(Contact).count() == 2


def test_who_may_be_a_customer_already_is_asked_about(
    rep: Visitor, add: Add, session: Session, cast: Cast
):
    lead = add("Caps", company="Wolvertn Wrestling", person="coach carter")
    page = rep.post("/leads/L-1/conversion").text
    assert "Is Wolvertn Wrestling one of these customers?" in page
    assert "Wolverton Wrestling Club" in page
    assert "Make a new one" in page
    assert session.query(Quote).count() == 0
    rep.post("/leads/L-1/conversion", {"use": cast.organization})
    session.refresh(lead)
    assert lead.organization_id == cast.organization
    assert lead.contact_id == cast.contact
    assert session.query(Organization).count() == 2
    assert session.query(Quote).one().organization_id == cast.organization


def test_a_new_customer_is_made_knowingly(rep: Visitor, add: Add, session: Session):
    add("Caps", company="Wolverton Wrestling Club")
    rep.post("/leads/L-1/conversion", {"sure": "y"})
    assert session.query(Organization).count() == 3
    assert session.query(Quote).count() == 1


def test_a_customer_that_cannot_be_used_is_refused(
    rep: Visitor, lead: Lead, session: Session, cast: Cast
):
    for key in ("999999", "99999999999", "x", "\x00"):
        assert rep.post("/leads/L-1/conversion", {"use": key}).status_code == 422
    session.get_one(Organization, cast.organization).archived_at = now()
    session.commit()
    answer = rep.post("/leads/L-1/conversion", {"use": cast.organization})
    assert answer.status_code == 422
    assert "is archived. Restore it first." in answer.text
    assert session.query(Quote).count() == 0


def test_an_archived_lead_is_not_converted(rep: Visitor, add: Add, session: Session):
    add("Caps", archived_at=now())
    answer = rep.post("/leads/L-1/conversion")
    assert answer.status_code == 409
    assert "L-1 is archived. Restore it first." in answer.text
    assert session.query(Quote).count() == 0
    assert session.query(Organization).count() == 2


def test_an_archived_lead_still_leads_to_the_quote_it_became(
    rep: Visitor, lead: Lead, session: Session
):
    opened = rep.post("/leads/L-1/conversion").location
    rep.post("/leads/L-1/archive")
    assert rep.get(opened).status_code == 200
    assert "The customer it became" in rep.get("/leads/L-1/deletion").text


def test_who_may_see_the_quote_opens_it_whoever_converted(
    rep: Visitor, visit: Visit, lead: Lead, session: Session
):
    begun = rep.post("/leads/L-1/conversion").location
    assert visit("admin").post("/leads/L-1/conversion").location == begun


def test_somebody_elses_quote_is_not_opened_but_the_customer_is(
    rep: Visitor, visit: Visit, lead: Lead, session: Session, cast: Cast
):
    rep.post("/leads/L-1/conversion")
    session.get_one(Lead, lead.id).owner_id = cast.users["sales2"]
    session.commit()
    answer = visit("sales2").post("/leads/L-1/conversion")
    assert answer.location == f"/organizations/{made(session).id}"
    assert session.query(Quote).count() == 1
