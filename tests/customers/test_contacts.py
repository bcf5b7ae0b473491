"""Contacts put away, brought back, deleted; forms sent twice; files to be read in again."""

import csv
import io
from uuid import uuid4

from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.visitor import Visitor
from wholesale.customers.models import Contact, Organization
from wholesale.orders.models import Order


def rows(visitor: Visitor, url: str) -> list[dict[str, str]]:
    """Return a downloaded file's rows."""
    return list(csv.DictReader(io.StringIO(visitor.get(url).text.removeprefix("\ufeff"))))


def test_an_archived_contact_is_shown_on_demand_and_restored(
    rep: Visitor, session: Session, cast: Cast
):
    rep.post(f"/contacts/{cast.contact}/archive")
    url = f"/organizations/{cast.organization}"
    rep.get("/")  # takes the message
    page = rep.get(url).text
    assert "Coach Carter" not in page
    assert "Show archived (1)" in page
    fragment = rep.hx_get(f"{url}/contacts", target="contacts").text
    assert "Restore Coach Carter" in fragment
    assert "Coach Carter" in rep.get(f"{url}/contacts").text
    answer = rep.hx_post(f"/contacts/{cast.contact}/restore", target="contacts")
    assert "Coach Carter" in answer.text
    assert "Show archived" not in answer.text


def test_the_list_shows_those_put_away_when_asked(rep: Visitor, cast: Cast):
    rep.post(f"/contacts/{cast.contact}/archive")
    rep.get("/")
    assert "Coach Carter" not in rep.get("/contacts").text
    page = rep.get("/contacts?archived=y").text
    assert "Coach Carter" in page
    assert "Berta" not in page


def test_the_list_leads_to_editing_ones_own_contacts(rep: Visitor, visit, cast: Cast):
    link = f'href="/contacts/{cast.contact}/edit"'
    assert link in rep.get("/contacts").text
    assert link not in visit("sales2").get("/contacts").text


def test_a_contact_that_nothing_names_is_deleted(rep: Visitor, session: Session, cast: Cast):
    url = f"/contacts/{cast.contact}/deletion"
    assert "Delete Coach Carter?" in rep.get(url).text
    assert session.query(Contact).count() == 2
    assert "Coach Carter is deleted." in rep.hx_post(url, target="contacts").text
    session.rollback()
    assert session.get(Contact, cast.contact) is None


def test_a_contact_of_an_order_is_not_deleted_and_says_why(
    rep: Visitor, session: Session, cast: Cast, placed: str
):
    url = f"/contacts/{cast.contact}/deletion"
    page = rep.get(url).text
    assert "1 order" in page
    assert "Archive instead" in page
    assert rep.post(url).status_code == 409
    assert session.query(Order).one().contact_id == cast.contact


def test_a_contact_is_added_once_however_often_the_form_is_sent(
    rep: Visitor, session: Session, cast: Cast
):
    form = {"name": "Nia", "key": str(uuid4())}
    url = f"/organizations/{cast.organization}/contacts/new"
    for _ in range(2):
        assert rep.post(url, form).status_code == 303
    assert session.query(Contact).filter_by(name="Nia").count() == 1
    there = rep.post(f"/organizations/{cast.other_organization}/contacts/new", form)
    assert there.status_code == 422
    assert "This form was used already" in there.text


def test_a_customer_is_added_once_however_often_the_form_is_sent(
    rep: Visitor, session: Session, cast: Cast
):
    form = {"name": "Twice", "client_type": "retail", "tier": "vip", "key": str(uuid4())}
    form |= {"reference": "C-9", "contact_name": "Ana"}
    first, second = (rep.post("/organizations/new", form) for _ in range(2))
    assert first.location == second.location
    assert session.query(Organization).filter_by(name="Twice").count() == 1
    assert session.query(Contact).filter_by(name="Ana").count() == 1


def test_the_file_of_customers_has_all_that_reading_it_in_again_needs(
    rep: Visitor, session: Session, cast: Cast
):
    one = session.get(Organization, cast.organization)
    one.reference, one.tax_exempt, one.payment_terms = "C-1", True, "Net 30"
    session.commit()
    found = rows(rep, "/organizations.csv?q=wolver")
    assert list(found[0]) == [
        "Number", "Name", "Client type", "Tier", "Territory", "Salesperson", "Street", "City",
        "Region", "Postal code", "Country", "Phone", "Discount %", "Credit limit",
        "Payment terms", "Tax exempt", "Archived",
    ]  # fmt: skip
    assert found[0]["Salesperson"] == "rep@house.example"
    assert (found[0]["Number"], found[0]["Tax exempt"], found[0]["Archived"]) == (
        "C-1",
        "True",
        "False",
    )
    assert (found[0]["Discount %"], found[0]["Payment terms"]) == ("0.00", "Net 30")
    one.salesperson_id = None
    session.commit()
    assert rows(rep, "/organizations.csv?q=wolver")[0]["Salesperson"] == ""


def test_the_file_of_contacts_names_the_customer_and_whether_it_was_put_away(
    rep: Visitor, session: Session, cast: Cast
):
    found = rows(rep, "/contacts.csv?q=coach")
    assert list(found[0]) == [
        "Customer number", "Customer", "Name", "Role", "E-mail", "Phone", "Primary", "Archived",
    ]  # fmt: skip
    assert (found[0]["Primary"], found[0]["Archived"]) == ("True", "False")
    rep.post(f"/contacts/{cast.contact}/archive")
    assert rows(rep, "/contacts.csv?archived=y")[0]["Archived"] == "True"


def test_a_saved_name_is_sent_to_every_place_that_shows_it(rep: Visitor, cast: Cast):
    form = {"name": "Wolves", "client_type": "retail", "tier": "standard"}
    form["was.name"] = "Wolverton Wrestling Club"
    answer = rep.hx_post(f"/organizations/{cast.organization}/details", form, target="details")
    assert "<title>Wolves · WholesaleOS</title>" in answer.text
    assert 'id="crumbs"' in answer.text
    assert 'id="organization-title" hx-swap-oob="true"' in answer.text
    assert "customer-changed" in answer.headers["HX-Trigger"]
