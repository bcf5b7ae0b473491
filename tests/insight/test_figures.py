"""The dashboard's figures: each leads to the list that it counts, within what one may read."""

import html
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.conftest import Statements, Work
from tests.insight.test_hub import quote
from tests.visitor import Visitor
from wholesale.access.models import Role, RolePermission, UserPermission
from wholesale.accounts.models import SalespersonProfile, User
from wholesale.core.clock import now, today
from wholesale.insight.sales import firsts, sales, short
from wholesale.leads.models import Lead
from wholesale.orders.models import Order
from wholesale.orders.statuses import OrderStatus

Visit = Callable[[str], Visitor]
ZONE = "America/New_York"
CENTS = Decimal("0.01")


def order(cast: Cast, who: str | None, number: int, **values: object) -> Order:
    """Return a placed order of somebody, for one of the two customers."""
    customer = cast.organization if number % 3 else cast.other_organization
    base = {"code": f"O-{who}-{number}", "placed_at": now(), "subtotal": 100 + number}
    made = Order(**{**base, **values})
    made.organization_id = customer
    made.salesperson_id = cast.users[who] if who else None
    return made


@pytest.fixture
def trade(session: Session, cast: Cast) -> None:
    """Orders of two people and of nobody: each status, at midnights, late; quotes and leads."""
    midnights = [datetime(day.year, day.month, 1, tzinfo=ZoneInfo(ZONE)) for day in _months()]
    late = [today(ZONE) - timedelta(days=days) for days in (0, 1, 7, 8, 30, 31, 400)]
    for who in ("sales", "sales2", None):
        session.add_all(
            order(cast, who, n, status=status) for n, status in enumerate(OrderStatus, 100)
        )
        for n, moment in enumerate(midnights, 200):
            before = moment - timedelta(seconds=1)
            session.add(order(cast, who, n, placed_at=moment, status="completed"))
            session.add(order(cast, who, 1000 + n, placed_at=before, status="shipped"))
        for n, day in enumerate(late, 300):
            session.add(order(cast, who, n, requested_delivery=day, status="production"))
            session.add(order(cast, who, 1000 + n, requested_delivery=day, status="shipped"))
    for n, (who, status, days) in enumerate(
        [("sales", "draft", None), ("sales", "sent", 0), ("sales", "sent", -1),
         ("sales2", "sent", None), ("sales2", "accepted", 1), ("sales", "rejected", 1)]
    ):  # fmt: skip
        made = quote(f"Q-{n}", status, days)
        made.organization_id, made.salesperson_id = cast.organization, cast.users[who]
        made.subtotal = 50 + n
        session.add(made)
    for n, who in enumerate(("sales", "sales2", None)):
        lead = Lead(code=f"L-{n}", name="Kit", company="Ridge", stage="hot", value=70 + n)
        lead.entry_key = uuid4()
        if who:
            lead.owner_id, lead.claimed_at = cast.users[who], now()
        session.add(lead)
    session.commit()


def _months() -> list[date]:
    return firsts(today(ZONE))


def figures(page: str) -> dict[str, tuple[int, Decimal, str]]:
    """Return the rows of the figures' tables: panel and label → count, money, address."""
    found = {}
    for table in re.findall(r'<table class="figure-rows">.*?</table>', page, re.S):
        head = re.search(r'<th scope="col">([^<]+)</th><th scope="col" class="num">(\w+)', table)
        assert head
        for url, label, count, money in re.findall(
            r'<th scope="row"><a href="([^"]+)"[^>]*>([^<]+)</a>.*?<td class="num">([\d,]+)</td>'
            r'\s*<td class="num">([\d,.]+)</td>', table, re.S
        ):  # fmt: skip
            name = f"{head[1]}, {head[2]}: {label}"
            numbers = int(count.replace(",", "")), Decimal(money.replace(",", ""))
            found[name] = (*numbers, html.unescape(url))
    return found


def listed(visitor: Visitor, url: str) -> tuple[int, Decimal]:
    """Return how many records the list of ``url`` has in its download, and their money."""
    path, query = url.split("?")
    rows = visitor.get(f"{path}.csv?{query}").get_data(as_text=True).lstrip("\ufeff").splitlines()
    head = rows[0].split(",")
    place = next(n for n, name in enumerate(head) if name.startswith(("Total", "Value")))
    return len(rows) - 1, sum((Decimal(row.split(",")[place]) for row in rows[1:]), Decimal(0))


@pytest.mark.parametrize("who", ["admin", "sales", "sales2", "designer", "ops", "finance"])
@pytest.mark.parametrize("is_folded", [False, True])
def test_each_figure_leads_to_the_list_that_it_counts(
    visit: Visit, trade: None, session: Session, who: str, is_folded: bool
):
    if is_folded:
        session.execute(text("SELECT fold_order_deltas()"))
        session.commit()
    visitor = visit(who)
    found = figures(visitor.get("/").text)
    assert len(found) >= 10
    assert sum(count for count, _, _ in found.values()) > 20
    for label, (count, money, url) in found.items():
        assert listed(visitor, url) == (count, money), (label, url)
