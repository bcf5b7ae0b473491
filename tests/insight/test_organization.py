"""One customer at a glance: figures that agree with their lists, and what comes next."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.conftest import Statements
from tests.visitor import Visitor
from wholesale.access.models import RolePermission
from wholesale.accounts.models import User
from wholesale.core.clock import now, today
from wholesale.customers.models import Activity
from wholesale.leads.models import Lead
from wholesale.orders.models import Order

ZONE = "America/New_York"
YESTERDAY = today(ZONE) - timedelta(days=1)
TOMORROW = today(ZONE) + timedelta(days=1)


def add(session: Session, cast: Cast, code: str, who: str = "sales", **fields: object) -> None:
    """Write a placed order of 100 for the wrestling club."""
    values: dict[str, object] = {"placed_at": now(), "subtotal": 100, "status": "new"}
    values |= {"organization_id": cast.organization, "salesperson_id": cast.users[who]}
    session.add(Order(code=code, **(values | fields)))
    session.commit()


@pytest.fixture
def orders(session: Session, cast: Cast) -> None:
    """Open, late, completed, cancelled, last year's, another rep's and another customer's."""
    add(session, cast, "O-OPEN", requested_delivery=TOMORROW)
    add(session, cast, "O-LATE", status="production", requested_delivery=YESTERDAY, subtotal=10)
    # Shipped late is late no more.
    add(session, cast, "O-SENT", status="shipped", requested_delivery=YESTERDAY, subtotal=0)
    add(session, cast, "O-DONE", status="completed", requested_delivery=YESTERDAY, subtotal=1000)
    add(session, cast, "O-GONE", status="cancelled", requested_delivery=YESTERDAY, subtotal=5000)
    add(session, cast, "O-OLD", status="completed", placed_at=now() - timedelta(days=800))
    add(session, cast, "O-RIVAL", "sales2", subtotal=7)
    add(session, cast, "O-OTHER", organization_id=cast.other_organization)


def figures(visitor: Visitor, cast: Cast) -> dict[str, tuple[str, str, str]]:
    """Return label → (money, number of orders, address of the list)."""
    page = visitor.get(f"/organizations/{cast.organization}/summary").text
    found = {}
    for url, tile in re.findall(r'<a class="tile[^"]*" href="([^"]+)"[^>]*>(.*?)</a>', page, re.S):
        words = [text.strip() for text in re.findall(r"<span[^>]*>(.*?)</span>", tile, re.S)]
        label = words[0].split(",")[0]
        found[label] = (words[1], words[2].split()[0], url.replace("&amp;", "&"))
    return found


@pytest.mark.parametrize(
    ("who", "lifetime", "this_year", "open_", "late"),
    [
        ("sales", ("$1,210.00", "5"), ("$1,110.00", "4"), ("$110.00", "3"), ("$10.00", "1")),
        ("sales2", ("$7.00", "1"), ("$7.00", "1"), ("$7.00", "1"), ("$0.00", "0")),
        ("ops", ("$1,217.00", "6"), ("$1,117.00", "5"), ("$117.00", "4"), ("$10.00", "1")),
    ],
)
def test_figures_count_ones_own_orders_and_never_cancelled_ones(
    visit: Callable[[str], Visitor],
    orders: None,
    cast: Cast,
    who: str,
    lifetime: tuple[str, str],
    this_year: tuple[str, str],
    open_: tuple[str, str],
    late: tuple[str, str],
):
    found = figures(visit(who), cast)
    assert found["Lifetime"][:2] == lifetime
    assert found["This year"][:2] == this_year
    assert found["Open"][:2] == open_
    assert found["Late"][:2] == late


@pytest.mark.parametrize("who", ["sales", "sales2", "ops"])
def test_each_figure_leads_to_the_list_that_it_counts(
    visit: Callable[[str], Visitor], orders: None, cast: Cast, who: str
):
    visitor = visit(who)
    for money, count, url in figures(visitor, cast).values():
        results = visitor.get(url).text.split('id="results"')[1]
        totals = re.findall(r'<td class="num">([0-9,.]+)</td>', results)
        assert len(totals) == int(count)
        assert sum(float(t.replace(",", "")) for t in totals) == float(
            money.strip("$").replace(",", "")
        )


def test_whose_orders_are_counted_is_said(visit: Callable[[str], Visitor], cast: Cast):
    url = f"/organizations/{cast.organization}/summary"
    assert "your orders" in visit("sales").get(url).text
    assert "your orders" not in visit("ops").get(url).text


def test_without_the_right_to_read_orders_there_are_no_figures(
    visit: Callable[[str], Visitor], session: Session, orders: None, cast: Cast
):
    row = session.get(RolePermission, ("designer", "orders", "read"))
    before, row.scope = row.scope, "none"
    session.commit()
    page = visit("designer").get(f"/organizations/{cast.organization}/summary").text
    row.scope = before
    session.commit()
    assert "Lifetime" not in page
    assert "O-OPEN" not in page


def test_late_and_this_year_go_by_the_readers_own_day(rep: Visitor, session: Session, cast: Cast):
    person = session.get(User, cast.users["sales"])
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        person.time_zone = zone
        add(session, cast, f"O-{zone}", requested_delivery=today(zone), subtotal=1)
        assert figures(rep, cast)["Late"][1] == "0"
        session.query(Order).delete()
        add(session, cast, f"O-{zone}-2", requested_delivery=today(zone) - timedelta(days=1))
        assert figures(rep, cast)["Late"][1] == "1"
        session.query(Order).delete()
        session.commit()


def test_what_next_names_follow_ups_deliveries_drafts_and_leads(
    rep: Visitor, session: Session, orders: None, cast: Cast
):
    rep.post("/orders/new", {"organization_id": cast.organization, "key": str(uuid4())})
    mine = {"organization_id": cast.organization, "author_id": cast.users["sales"]}
    session.add(Activity(body="Ask for the roster", follow_up_on=TOMORROW, **mine))
    session.add(Activity(body="Long done", follow_up_on=YESTERDAY, done_at=now(), **mine))
    session.add(Activity(body="No day", **mine))
    lead = {"organization_id": cast.organization, "owner_id": cast.users["sales"]}
    session.add(Lead(code="L-1", name="Camp", next_step="Send mock-up", claimed_at=now(), **lead))
    session.add(Lead(code="L-2", name="Lost", stage="no_answer", claimed_at=now(), **lead))
    session.commit()
    page = rep.get(f"/organizations/{cast.organization}/summary").text
    for words in ("Ask for the roster", "O-OPEN", "Draft", "L-1", "Send mock-up", "/leads/L-1"):
        assert words in page
    for words in ("Long done", "No day", "L-2", "O-LATE", "O-RIVAL"):
        assert words not in page


def test_another_reps_leads_and_drafts_are_not_shown(
    visit: Callable[[str], Visitor], session: Session, cast: Cast
):
    visit("sales").post("/orders/new", {"organization_id": cast.organization, "key": str(uuid4())})
    lead = Lead(code="L-MINE", name="Camp", organization_id=cast.organization)
    lead.owner_id, lead.claimed_at = cast.users["sales"], now()
    session.add(lead)
    session.flush()
    session.add(Activity(lead_id=lead.id, body="Secret step", follow_up_on=date(2026, 12, 1)))
    session.add(Lead(code="L-FREE", name="Open to all", organization_id=cast.organization))
    session.commit()
    base = f"/organizations/{cast.organization}"
    for panel in ("summary", "timeline"):
        theirs = visit("sales2").get(f"{base}/{panel}").text
        assert "L-MINE" not in theirs
        assert "Secret step" not in theirs
        assert "L-FREE" in theirs
        assert "Secret step" in visit("sales").get(f"{base}/{panel}").text
        assert "L-" not in visit("finance").get(f"{base}/{panel}").text
    assert "Your drafts" not in visit("sales2").get(f"{base}/summary").text


def test_an_empty_one_says_what_to_begin_with(rep: Visitor, cast: Cast):
    page = rep.get(f"/organizations/{cast.organization}/summary").text
    assert "Nothing is planned. Write down a call" in page


def test_statements_do_not_grow_with_what_there_is(
    rep: Visitor, session: Session, cast: Cast, statements: Statements
):
    url = f"/organizations/{cast.organization}/summary"
    rep.get(url)
    with statements:
        rep.get(url)
    before = statements.count
    for number in range(30):
        add(session, cast, f"O-{number}", requested_delivery=TOMORROW)
        call = Activity(organization_id=cast.organization, body="x", follow_up_on=TOMORROW)
        call.author_id = cast.users["sales" if number % 2 else "ops"]
        session.add_all(
            [call, Lead(code=f"L-{number}", name="x", organization_id=cast.organization)]
        )
    session.commit()
    statements.count = 0
    with statements:
        rep.get(url)
    assert statements.count == before <= 9


def test_the_page_fetches_both_panels_and_works_without_them(rep: Visitor, cast: Cast):
    base = f"/organizations/{cast.organization}"
    page = rep.get(base).text
    for panel in ("summary", "timeline"):
        assert f'href="{base}/{panel}" hx-get="{base}/{panel}" hx-trigger="load"' in page
        assert rep.get(f"{base}/{panel}").text.startswith("<!doctype html>")
        assert "<h1" not in rep.hx_get(f"{base}/{panel}", target=f"organization-{panel}").text


def test_a_customer_that_is_not_there_is_a_404(rep: Visitor, cast: Cast):
    for panel in ("summary", "timeline"):
        assert rep.get(f"/organizations/424242/{panel}").status_code == 404
        assert rep.get(f"/organizations/99999999999/{panel}").status_code == 404
