"""The timeline: calls, orders and leads in one list by time, a page at a time."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.conftest import Statements
from tests.visitor import Visitor
from wholesale.customers.models import Activity
from wholesale.leads.models import Lead
from wholesale.orders.models import Order

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def fill(session: Session, cast: Cast, count: int) -> None:
    """Write ``count`` moments: at each a call, an order and a lead, all at the same time."""
    for number in range(count):
        at = START + timedelta(hours=number // 3)
        session.add(
            Activity(
                organization_id=cast.organization,
                body=f"call-{number:03}.",
                happened_at=at,
                author_id=cast.users["sales"],
            )
        )
        order = Order(code=f"O-{number:03}.", placed_at=at, organization_id=cast.organization)
        order.salesperson_id = cast.users["sales"]
        lead = Lead(code=f"L-{number:03}.", name="x", organization_id=cast.organization)
        lead.created_at = at
        session.add_all([order, lead])
    session.commit()


def seen(page: str) -> list[str]:
    """Return what a page shows, in its order."""
    return [m for m in re.findall(r"(call-\d{3}\.|>O-\d{3}\.|>L-\d{3}\.)", page) if m]


def entries(page: str) -> list[str]:
    """Return the entries of a page, each once."""
    parts = page.split('class="happening"')[1:]
    return [seen(part)[0].strip(">") for part in parts]


def test_everything_stands_in_one_list_by_time_the_latest_first(
    rep: Visitor, session: Session, cast: Cast
):
    fill(session, cast, 4)
    found = entries(rep.get(f"/organizations/{cast.organization}/timeline").text)
    assert found[:3] == ["call-003.", "O-003.", "L-003."]
    assert len(found) == 12


def test_pages_hold_each_entry_once_even_where_moments_are_the_same(
    rep: Visitor, session: Session, cast: Cast
):
    fill(session, cast, 25)
    url, found = f"/organizations/{cast.organization}/timeline", []
    while url:
        page = rep.get(url).text
        found += entries(page)
        older = re.search(r'href="([^"]*timeline\?after=[^"]+)"', page)
        url = older[1] if older else ""
    assert len(found) == len(set(found)) == 75


def test_older_entries_come_alone_to_be_put_below(rep: Visitor, session: Session, cast: Cast):
    fill(session, cast, 10)
    url = f"/organizations/{cast.organization}/timeline"
    older = re.search(r'href="([^"]*after=[^"]+)"', rep.get(url).text)
    assert older
    fragment = rep.hx_get(older[1], target="timeline-more").text
    assert len(entries(fragment)) == 10
    assert "<h2" not in fragment


def test_orders_of_others_and_of_other_customers_are_not_in_it(
    rep: Visitor, session: Session, cast: Cast
):
    for code, customer, who in (
        ("O-RIVAL", cast.organization, "sales2"),
        ("O-ELSE", cast.other_organization, "sales"),
    ):
        order = Order(code=code, placed_at=START, organization_id=customer)
        order.salesperson_id = cast.users[who]
        session.add(order)
    session.commit()
    page = rep.get(f"/organizations/{cast.organization}/timeline").text
    assert "O-RIVAL" not in page
    assert "O-ELSE" not in page
    assert "Nothing yet: calls, mails, meetings" in page


@pytest.mark.parametrize(
    "after", ["x", "%00", "a" * 5000, "WyIyMDI2LTAxLTAxIiwgMywgMV0", "WzEsMiwzXQ", "W10", "bnVsbA"]
)
def test_a_cursor_that_is_none_is_refused(rep: Visitor, cast: Cast, after: str):
    answer = rep.get(f"/organizations/{cast.organization}/timeline?after={after}")
    assert answer.status_code == 422


def test_statements_do_not_grow_with_the_entries(
    rep: Visitor, session: Session, cast: Cast, statements: Statements
):
    url = f"/organizations/{cast.organization}/timeline"
    fill(session, cast, 1)
    rep.get(url)
    with statements:
        rep.get(url)
    before = statements.count
    session.query(Lead).delete()
    session.query(Order).delete()
    session.query(Activity).delete()
    fill(session, cast, 12)
    statements.count = 0
    with statements:
        rep.get(url)
    assert statements.count == before <= 8
