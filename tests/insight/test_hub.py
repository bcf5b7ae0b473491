"""What the dashboard tells each role to do next, and that each count is its list's."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.visitor import Visitor
from wholesale.access.models import UserPermission
from wholesale.core.clock import now, today
from wholesale.leads.models import Lead
from wholesale.orders.models import Order
from wholesale.quotes.models import Quote

Visit = Callable[[str], Visitor]
ORDERS = ["new", "waiting_sizes", "design_created", "sizes_validated", "invoiced", "production"]


def quote(code: str, status: str, days: int | None = None) -> Quote:
    """Return a quote of nobody yet, valid for ``days`` from today."""
    found = Quote(code=code, status=status, sent_at=None if status == "draft" else now())
    found.valid_until = None if days is None else today("America/New_York") + timedelta(days=days)
    return found


@pytest.fixture
def work(session: Session, cast: Cast) -> None:
    """Quotes, orders and leads of the rep, and the same of the rival."""
    for who in ("sales", "sales2"):
        quotes = [
            quote(f"Q-1-{who}", "draft"),
            quote(f"Q-2-{who}", "draft"),
            quote(f"Q-3-{who}", "sent", days=-1),
            quote(f"Q-4-{who}", "sent", days=0),
            quote(f"Q-5-{who}", "sent", days=7),
            quote(f"Q-6-{who}", "sent", days=8),
            quote(f"Q-7-{who}", "accepted", days=3),
            quote(f"Q-8-{who}", "accepted", days=3),
        ]
        quotes[-1].ordered_at = now()
        orders = [
            Order(code=f"O-{n}-{who}", status=status, placed_at=now(), subtotal=100)
            for n, status in enumerate(ORDERS)
        ]
        orders[-1].requested_delivery = today("America/New_York") - timedelta(days=1)
        for document in [*quotes, *orders]:
            document.organization_id, document.salesperson_id = cast.organization, cast.users[who]
        session.add_all([*quotes, *orders])
    for number, (owner, stage, days) in enumerate(
        [("sales", "hot", -1), ("sales", "client", -1), ("sales", "hot", 1), ("sales2", "hot", -1)]
    ):
        lead = Lead(code=f"L-{number}", name="Kit", company="Ridge", stage=stage)
        lead.entry_key, lead.owner_id, lead.claimed_at = uuid4(), cast.users[owner], now()
        lead.next_step_on = today("America/New_York") + timedelta(days=days)
        session.add(lead)
    unclaimed = Lead(code="L-9", name="Kit", company="Ridge", entry_key=uuid4())
    unclaimed.next_step_on = today("America/New_York") - timedelta(days=3)
    session.add(unclaimed)
    session.commit()


def hub(page: str) -> dict[str, tuple[int, str]]:
    """Return the tiles of a dashboard: label → count and address."""
    part = (
        page.split('id="hub-title"')[1].split("</section>", maxsplit=1)[0]
        if "hub-title" in page
        else ""
    )
    found = re.findall(r'href="([^"]+)".*?tile-number">(\d+)</span>\s*<span>([^<]+)', part, re.S)
    return {label: (int(count), html.unescape(url)) for url, count, label in found}


SALES = {
    "Quotes to send": 2,
    "Quotes about to expire": 2,
    "Accepted, to be ordered": 1,
    "Waiting for sizes": 1,
    "Leads with a step overdue": 1,
}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("sales", SALES),
        ("designer", {"To be designed": 2}),
        ("ops", {"Sizes confirmed, to invoice": 2, "Late orders": 2}),
        ("finance", {"Invoiced, to be paid": 2}),
        ("manufacturer", {}),
    ],
)
def test_each_role_is_told_its_own_work(
    visit: Visit, work: None, who: str, expected: dict[str, int]
):
    found = hub(visit(who).get("/").text)
    assert {label: count for label, (count, _) in found.items()} == expected


@pytest.mark.parametrize("who", ["sales", "sales2", "designer", "ops", "finance", "admin"])
def test_each_tile_leads_to_the_list_that_it_counts(visit: Visit, work: None, who: str):
    visitor = visit(who)
    found = hub(visitor.get("/").text)
    assert found
    for label, (count, url) in found.items():
        page = visitor.get(url).text
        assert re.search(rf">{count} (order|quote|lead)s?<", page), (label, url)


def test_an_administrator_sees_everybodys_work(visit: Visit, work: None):
    found = hub(visit("admin").get("/").text)
    assert len(found) == 9
    assert found["Leads with a step overdue"][0] == 3
    assert found["Quotes to send"][0] == 4


def test_only_what_one_may_read_is_counted(visit: Visit, work: None, session: Session, cast: Cast):
    none = UserPermission(user_id=cast.users["sales"], resource="quotes", action="read")
    none.scope = "none"
    session.add(none)
    session.commit()
    found = hub(visit("sales").get("/").text)
    assert set(found) == {"Waiting for sizes", "Leads with a step overdue"}


@pytest.mark.parametrize("url", ["/quotes?expiring=y&to_order=y", "/leads?overdue=y&view=board"])
def test_the_new_filters_stand_on_the_lists(rep: Visitor, work: None, url: str):
    page = rep.get(url)
    assert page.status_code == 200
    assert page.text.count(" checked") >= 1
