"""The dashboard's figures: each leads to the list that it counts, within what one may read."""

import html
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.conftest import Statements
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


def test_cancelled_orders_are_no_sales(visit: Visit, session: Session, cast: Cast):
    session.add(order(cast, "sales", 1, status="cancelled"))
    session.commit()
    page = visit("sales").get("/").text
    assert "Nothing was sold in the last twelve months." in page
    assert "Nothing was sold this year yet." in page
    assert "so far: <strong>$0.00</strong>" in page


def test_sales_stand_against_ones_own_quota_or_that_of_all(
    visit: Visit, session: Session, cast: Cast
):
    session.add(order(cast, "sales", 1, subtotal=12_500))
    session.add(order(cast, None, 2, subtotal=499))
    session.get_one(SalespersonProfile, cast.users["sales2"]).monthly_quota = Decimal(70_000)
    session.commit()
    own, everyones = visit("sales").get("/").text, visit("finance").get("/").text
    assert "Your sales by month" in own
    assert "<strong>$12,500.00</strong>, 25 % of the quota of $50,000.00." in own
    assert "<strong>$12,999.00</strong>, 10 % of the quota of $120,000.00." in everyones
    month = today(ZONE).strftime("%B %Y")
    assert f'aria-label="{month}: $12,999.00 in 2 orders, 10 % of the quota"' in everyones
    session.get_one(User, cast.users["sales2"]).is_active = False
    session.commit()
    assert "of the quota of $50,000.00" in visit("finance").get("/").text


def test_without_a_quota_there_is_none(visit: Visit, session: Session, cast: Cast):
    session.add(order(cast, "sales", 1))
    session.delete(session.get_one(SalespersonProfile, cast.users["sales"]))
    session.commit()
    page = visit("sales").get("/").text
    assert "You have no quota." in page
    assert 'class="quota"' not in page
    assert "%" not in re.sub(r'"[^"]*"', "", page.split('class="chart"')[1].split("</table>")[0])


PANELS = {
    "admin": "overdue stages quotes leads customers sales",
    "sales": "overdue stages quotes leads customers sales",
    "ops": "overdue stages quotes leads customers sales",
    "finance": "overdue stages quotes customers sales",
    "designer": "overdue stages",
    "manufacturer": "",
}


@pytest.mark.parametrize("who", PANELS)
def test_each_role_sees_what_it_may_read(visit: Visit, trade: None, who: str):
    page = visit(who).get("/").text
    shown = set(re.findall(r'id="(overdue|stages|quotes|leads|customers|sales)-title"', page))
    assert shown == set(PANELS[who].split())


def test_who_may_read_nothing_is_shown_nothing(
    visit: Visit, trade: None, session: Session, cast: Cast
):
    for resource in ("orders", "quotes", "leads"):
        none = UserPermission(user_id=cast.users["sales"], resource=resource, action="read")
        none.scope = "none"
        session.add(none)
    session.commit()
    page = visit("sales").get("/").text
    assert "Nothing waits for your role." in page
    assert "figure-rows" not in page
    assert "Latest orders" not in page
    assert "$" not in page


def test_a_role_of_ones_own_sees_what_it_was_given(
    visit: Visit, trade: None, session: Session, cast: Cast
):
    session.add(Role(name="clerk", label="Clerk"))
    session.flush()
    for resource, scope in (("orders", "own"), ("prices", "all")):
        session.add(RolePermission(role="clerk", resource=resource, action="read", scope=scope))
    session.get_one(User, cast.users["sales2"]).role = "clerk"
    session.commit()
    found = figures(visit("sales2").get("/").text)
    assert found["Stage, Orders: New"][:2] == (1, Decimal(200))
    assert not any("Quotes" in label or "Leads" in label for label in found)


def test_the_figures_take_two_statements(
    visit: Visit, trade: None, statements: Statements, session: Session, cast: Cast
):
    def count(who: str) -> int:
        visitor = visit(who)
        visitor.get("/")
        before = statements.count
        with statements:
            visitor.get("/")
        return statements.count - before

    # The session, what one may do, one's drafts; then the tiles, the figures, the customers and
    # the latest orders.
    assert count("manufacturer") == 4
    assert count("admin") == count("sales") == 7


@pytest.mark.parametrize(
    ("value", "words"),
    [("0", "0"), ("999.4", "999"), ("999.6", "1k"), ("1250", "1.2k"), ("83000", "83k"),
     ("341886", "342k"), ("999600", "1M"), ("1234567", "1.2M"), ("2000000000", "2B")],
)  # fmt: skip
def test_money_is_told_in_a_few_characters(value: str, words: str):
    assert short(Decimal(value)) == words


@pytest.mark.parametrize("most", ["0", "0.01", "7", "999.99", "1000", "1234567.89"])
def test_every_column_and_the_quota_lie_within_the_chart(most: str):
    day = date(2026, 3, 31)
    numbers = {first.isoformat(): (1, Decimal(most) / 2) for first in firsts(day)}
    chart = sales(day, numbers, Decimal(most))
    assert [month.first.month for month in chart.months] == [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]
    assert all(chart.top <= month.top <= chart.base for month in chart.months)
    assert chart.top <= chart.quota_top <= chart.base
    assert chart.months[-1].left + chart.width <= Decimal("100.01")
