"""Making and changing customers: in place, merged, archived, deleted only when nothing refers."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.visitor import Visitor
from wholesale.accounts.models import User
from wholesale.customers.models import Contact, Organization
from wholesale.orders.models import Order

NEW = {"name": "Ridge Runners", "client_type": "retail", "tier": "standard"}


def new(**fields: str) -> dict[str, str]:
    """Return the form of a new customer as it is opened: with a key of its own."""
    return NEW | {"key": str(uuid4())} | fields


def test_a_new_customer_is_the_reps_own_and_on_screen_at_once(
    rep: Visitor, session: Session, cast: Cast
):
    form = new(contact_name="Ana", contact_email="Ana@Ridge.example", city="Ridge")
    answer = rep.post("/organizations/new", form)
    made = session.query(Organization).filter_by(name="Ridge Runners").one()
    assert answer.location == f"/organizations/{made.id}"
    assert made.salesperson_id == cast.users["sales"]
    assert (made.contacts[0].email, made.contacts[0].is_primary) == ("ana@ridge.example", True)
    assert "Ridge Runners" in rep.get("/organizations").text
    assert "Ridge Runners" in rep.get("/orders/new?q=ridge").text


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("name", "", "Enter a name."),
        ("name", "n" * 201, "200 characters at most"),
        ("credit_limit", "-1", "cannot be negative"),
        ("discount_percent", "101", "largest amount is 100"),
        ("contact_email", "nobody", "Enter an e-mail address"),
        ("client_type", "circus", "Not a valid choice"),
    ],
)
def test_bad_input_is_named_beside_its_field_and_stays(
    rep: Visitor, session: Session, cast: Cast, field: str, text: str, words: str
):
    answer = rep.post("/organizations/new", new(city="Kept City") | {field: text})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Kept City" in answer.text
    assert session.query(Organization).count() == 2


def test_a_customer_number_is_taken_whatever_its_case(rep: Visitor, session: Session, cast: Cast):
    rep.post("/organizations/new", new(reference="C-1"))
    answer = rep.post("/organizations/new", new(name="Other", reference="c-1"))
    assert answer.status_code == 422
    assert "Another customer has this number." in answer.text


def test_names_much_alike_are_shown_while_typing(rep: Visitor, cast: Cast):
    assert (
        "Wolverton Wrestling Club" in rep.hx_get("/organizations/similar?name=Wolvertn Wrest").text
    )
    assert "Wolverton" not in rep.hx_get("/organizations/similar?name=Zebra College").text


def sent(**changes: str) -> dict[str, str]:
    """Return the details form as it was opened, with some fields changed."""
    opened = {"name": "Wolverton Wrestling Club", "client_type": "retail", "tier": "standard"}
    return opened | {f"was.{name}": text for name, text in opened.items()} | changes


def test_details_are_edited_in_place_and_the_title_follows(
    rep: Visitor, session: Session, cast: Cast
):
    url = f"/organizations/{cast.organization}/details"
    assert "<form" in rep.hx_get(url, target="details").text
    answer = rep.hx_post(url, sent(name="Wolves"), target="details")
    assert "<form" not in answer.text
    assert 'id="organization-title" hx-swap-oob="true"' in answer.text
    assert session.get(Organization, cast.organization).name == "Wolves"


def test_different_fields_of_two_people_merge_and_the_same_field_asks(
    rep: Visitor, visit: Callable[[str], Visitor], session: Session, cast: Cast
):
    url = f"/organizations/{cast.organization}/details"
    visit("ops").post(url, sent(tier="vip"))
    assert rep.post(url, sent(name="Wolves")).status_code == 303
    clash = rep.post(url, sent(name="Mine", tier="wholesale"))
    assert clash.status_code == 409
    for words in ("Mine", "Wolves", "Vip", "Wholesale", "Take theirs"):
        assert words.lower() in clash.text.lower()
    session.rollback()
    found = session.get(Organization, cast.organization)
    assert (found.name, found.tier) == ("Wolves", "vip")


def test_another_reps_customer_may_be_read_but_not_changed(
    visit: Callable[[str], Visitor], cast: Cast
):
    rival = visit("sales2")
    page = rival.get(f"/organizations/{cast.organization}")
    assert page.status_code == 200
    assert "Edit details" not in page.text
    assert rival.post(f"/organizations/{cast.organization}/details", sent()).status_code == 403


def test_archiving_and_restoring(rep: Visitor, cast: Cast):
    url = f"/organizations/{cast.organization}"
    rep.post(f"{url}/archive")
    rep.get("/")  # takes the message
    assert "Wolverton" not in rep.get("/organizations?q=wolver").text.split('id="results"')[1]
    assert "Wolverton" in rep.get("/organizations?archived=y").text
    rep.post(f"{url}/restore")
    assert "Wolverton" in rep.get("/organizations?q=wolver").text


def test_a_customer_with_orders_is_not_deleted_and_says_what_stands_against_it(
    rep: Visitor, placed: str, session: Session, cast: Cast
):
    url = f"/organizations/{cast.organization}/deletion"
    page = rep.get(url).text
    assert "1 order" in page
    assert f"/orders?organization={cast.organization}" in page
    assert "Archive instead" in page
    assert "Delete customer" not in page
    assert rep.post(url).status_code == 409
    assert session.query(Order).count() == 1


def test_a_customer_that_nothing_refers_to_is_deleted_with_its_contacts(
    rep: Visitor, session: Session, cast: Cast
):
    rep.post(f"/organizations/{cast.organization}/deletion")
    assert session.get(Organization, cast.organization) is None
    assert session.get(Contact, cast.contact) is None


def test_contacts_are_added_edited_archived_and_one_is_primary(
    rep: Visitor, session: Session, cast: Cast
):
    url = f"/organizations/{cast.organization}/contacts/new"
    form = {"name": "Nia", "email": "NIA@x.example", "is_primary": "y", "key": str(uuid4())}
    answer = rep.hx_post(url, form, target="contacts")
    assert "Nia is added." in answer.text
    nia = session.query(Contact).filter_by(name="Nia").one()
    assert nia.email == "nia@x.example"
    assert not session.get(Contact, cast.contact).is_primary
    rep.hx_post(f"/contacts/{nia.id}/edit", {"name": "Nia B", "is_primary": "y"})
    rep.hx_post(f"/contacts/{nia.id}/archive")
    session.rollback()
    assert session.get(Contact, nia.id).archived_at is not None
    assert "Nia B" not in rep.get(f"/organizations/{cast.organization}").text


def test_the_list_of_contacts_finds_by_name_address_and_customer(rep: Visitor, cast: Cast):
    for words in ("coach", "WOLVER"):
        assert "Coach Carter" in rep.get(f"/contacts?q={words}").text
    assert "Coach Carter" not in rep.get("/contacts?q=berta").text
    assert "Coach Carter" in rep.get("/contacts.csv").text


@pytest.mark.parametrize("url", ["/organizations/999/details", "/contacts/999/edit"])
def test_what_is_not_there_is_a_404(rep: Visitor, url: str):
    assert rep.get(url).status_code == 404


def test_an_address_of_several_lines_is_changed_without_a_clash_with_oneself(
    rep: Visitor, session: Session, cast: Cast
):
    url = f"/organizations/{cast.organization}/address"
    session.get(Organization, cast.organization).street = "Line one\nLine two"
    session.commit()
    form = {"street": "Line 1\r\nLine two", "was.street": "Line one\r\nLine two"}
    assert rep.post(url, form).status_code == 303
    session.rollback()
    assert session.get(Organization, cast.organization).street == "Line 1\nLine two"


def test_a_disabled_salesperson_stays_when_something_else_is_changed(
    visit: Callable[[str], Visitor], session: Session, cast: Cast
):
    ops, url = visit("ops"), f"/organizations/{cast.organization}/details"
    session.get(User, cast.users["sales"]).is_active = False
    session.commit()
    key = str(cast.users["sales"])
    assert f'<option selected value="{key}">Rita Rep' in ops.get(url).text
    both = {"salesperson_id": key, "was.salesperson_id": key}
    assert ops.post(url, sent(phone="1") | both).status_code == 303
    session.rollback()
    assert session.get(Organization, cast.organization).salesperson_id == cast.users["sales"]


def test_what_another_saved_while_mine_was_refused_is_not_undone(
    rep: Visitor, visit: Callable[[str], Visitor], session: Session, cast: Cast
):
    url, ops = f"/organizations/{cast.organization}/details", visit("ops")
    session.get(Organization, cast.other_organization).reference = "TAKEN"
    session.commit()
    opened = {"phone": "", "was.phone": "", "reference": "TAKEN", "was.reference": ""}
    ops.post(url, sent(phone="111") | {"was.phone": ""})
    refused = rep.post(url, sent() | opened)
    assert refused.status_code == 422
    assert 'name="was.phone" value="111"' in refused.text
    assert 'name="was.reference" value=""' in refused.text


@pytest.mark.parametrize(
    "url", ["/organizations/new", "/organizations/{}/details", "/organizations/{}/contacts/new"]
)
def test_a_name_of_spaces_is_named_beside_its_field(rep: Visitor, cast: Cast, url: str):
    answer = rep.post(url.format(cast.organization), new(name="   "))
    assert answer.status_code == 422
    assert "Enter a name." in answer.text


def test_contacts_of_an_archived_customer_leave_the_list(rep: Visitor, cast: Cast):
    rep.post(f"/organizations/{cast.organization}/archive")
    assert "Coach Carter" not in rep.get("/contacts").text


def test_a_contact_archived_meanwhile_is_not_saved(rep: Visitor, session: Session, cast: Cast):
    rep.post(f"/contacts/{cast.contact}/archive")
    answer = rep.post(f"/contacts/{cast.contact}/edit", {"name": "X", "is_primary": "y"})
    assert answer.status_code == 409
    assert not session.get(Contact, cast.contact).is_primary
