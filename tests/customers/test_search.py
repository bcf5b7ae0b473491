"""Finding customers as one types: by all that tells them apart, with an accent or a letter off."""

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.conftest import Statements
from tests.visitor import Visitor
from wholesale.accounts.models import User
from wholesale.core.clock import now
from wholesale.customers.models import Contact, Organization
from wholesale.customers.queries import pick_organizations

WOLVES, BEARS = "Wolverton Wrestling Club", "Bärenfels Athletics"


@pytest.fixture(autouse=True)
def people(session: Session, cast: Cast) -> None:
    """Give the two customers numbers and the coach an address."""
    session.get(Organization, cast.organization).reference = "C-100"
    session.get(Contact, cast.contact).email = "coach.carter@wolves.example"
    session.commit()


def names(session: Session, cast: Cast, q: str, who: str = "sales") -> list[str]:
    """Return the names that the picker offers to one of the cast."""
    actor = session.get(User, cast.users[who])
    return [found.name for found in pick_organizations(session, actor, q)]


@pytest.mark.parametrize(
    "q",
    ["w", "wo", "WOLV", "wrestling", "club wolverton", "c-100", "C-1", "coach", "carter wolves",
     "coach.carter@", "wolves.example", "wolvertn", "Wolverton Wrestlng", "coach cartr"],
)  # fmt: skip
def test_a_customer_is_found_by_name_number_city_contact_and_with_a_typo(
    session: Session, cast: Cast, q: str
):
    assert names(session, cast, q)[0] == WOLVES


@pytest.mark.parametrize("q", ["b", "ba", "bär", "barenfels", "bearenfels", "BÄRENFLES", "berta"])
def test_accents_may_be_typed_or_left_out(session: Session, cast: Cast, q: str):
    assert names(session, cast, q)[0] == BEARS


@pytest.mark.parametrize("q", ["%", "_", "%%%", "w%n", "\\", "zebra", "\x00", "x" * 5000])
def test_wildcards_are_letters_and_nonsense_finds_nothing(rep: Visitor, cast: Cast, q: str):
    answer = rep.get("/orders/new", query_string={"q": q})
    assert answer.status_code == 200
    assert WOLVES not in answer.text


def test_what_begins_with_it_stands_before_what_holds_it_and_what_resembles_it(
    session: Session, cast: Cast
):
    for name in ("Club Ridge", "Ridge Club", "Bridgeport", "Rigde"):
        session.add(Organization(name=name))
    session.commit()
    assert names(session, cast, "ridge") == ["Ridge Club", "Club Ridge", "Bridgeport"]


def test_a_number_typed_in_full_comes_first(session: Session, cast: Cast):
    session.add(Organization(name="C-100 Sports"))
    session.commit()
    assert names(session, cast, "c-100") == [WOLVES, "C-100 Sports"]


def test_the_picker_shows_the_contact_that_matched(rep: Visitor, cast: Cast):
    fragment = rep.hx_get("/orders/new?q=coach.car", target="organization-options").text
    assert "Coach Carter · coach.carter@wolves.example" in fragment
    by_name = rep.hx_get("/orders/new?q=wolver", target="organization-options").text
    assert "Coach Carter" not in by_name
    assert "Coach Carter" in rep.get("/search?q=coach.carter").text


def test_who_may_not_read_contacts_does_not_find_by_them(session: Session, cast: Cast):
    actor = session.get(User, cast.users["sales"])
    actor.__dict__["grants"] = {
        name: scope for name, scope in actor.grants.items() if name != "contacts:read"
    }
    assert pick_organizations(session, actor, "coach.carter") == []
    assert [o.name for o in pick_organizations(session, actor, "wolver")] == [WOLVES]


def test_those_put_away_are_not_offered(session: Session, cast: Cast):
    session.get(Contact, cast.contact).archived_at = now()
    session.commit()
    assert names(session, cast, "coach.carter") == []
    session.get(Organization, cast.organization).archived_at = now()
    session.commit()
    assert names(session, cast, "wolver") == []


def test_typing_takes_the_same_few_statements_however_many_there_are(
    rep: Visitor, session: Session, cast: Cast, statements: Statements
):
    url = "/orders/new?q=wolvertn"
    rep.hx_get(url, target="organization-options")
    with statements:
        rep.hx_get(url, target="organization-options")
    before = statements.count
    for number in range(60):
        one = Organization(name=f"Wolverton {number}")
        one.contacts = [Contact(name=f"Wolvertin {number}")]
        session.add(one)
    session.commit()
    statements.count = 0
    with statements:
        rep.hx_get(url, target="organization-options")
    assert statements.count <= before <= 16


def test_the_list_finds_by_a_contacts_address_and_offers_what_is_similar(rep: Visitor, cast: Cast):
    page = rep.get("/organizations?q=coach.carter").text
    assert WOLVES in page
    assert BEARS not in page
    page = rep.get("/organizations?q=wolvertn").text
    assert "Nothing holds “wolvertn”. These are similar." in page
    assert WOLVES in page
    assert WOLVES in rep.get("/organizations.csv?q=wolvertn").text
    assert "No customer matches" in rep.get("/organizations?q=zebra").text


def test_the_list_of_contacts_offers_what_is_similar(rep: Visitor, cast: Cast):
    page = rep.get("/contacts?q=coach cartr").text
    assert "These are similar." in page
    assert "Coach Carter" in page


@pytest.mark.parametrize("url", ["/organizations", "/contacts", "/products"])
def test_a_search_of_five_thousand_letters_is_refused_in_words(rep: Visitor, cast: Cast, url: str):
    answer = rep.get(url, query_string={"q": "x" * 5000})
    assert answer.status_code == 422
    assert "200 characters at most" in answer.text or "longer than 200" in answer.text
