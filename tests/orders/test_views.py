"""Orders by status and by day, with the filters of the list, at a fixed number of statements."""

import csv
import html
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.bench.data import add_orders
from tests.cast import Cast
from tests.conftest import Statements
from tests.visitor import Visitor
from wholesale.core.clock import now, today
from wholesale.orders.board import CARDS
from wholesale.orders.models import Order
from wholesale.orders.workflow import OrderStatus

Add = Callable[..., Order]
Visit = Callable[[str], Visitor]
NOVEMBER = "/orders?view=calendar&month=2026-11"


@pytest.fixture
def add(session: Session, cast: Cast) -> Add:
    """Write a placed order: ``add(1, "shipped", date(2026, 11, 5), who="sales2")``."""

    def write(
        number: int, status: str = "new", day: date | None = None, who: str = "sales", **values: Any
    ) -> Order:
        order = Order(code=f"O-{number:03}", status=status, requested_delivery=day, **values)
        order.placed_at = now() - timedelta(hours=number)
        order.organization_id, order.salesperson_id = cast.organization, cast.users[who]
        order.subtotal = 100
        session.add(order)
        session.commit()
        return order

    return write


def columns(page: str) -> dict[str, str]:
    """Return the board's columns by their status."""
    parts = re.split(r'<section class="board-column" aria-labelledby="status-', page)[1:]
    return {part.split('"')[0]: part.split("</section>")[0] for part in parts}


def cell(page: str, day: int) -> str:
    """Return the cell of one day of the month."""
    numbered = rf"</span>{day}(?: <span[^>]*>Today</span>)?</p>"
    return next(part for part in page.split("<td")[1:] if re.search(numbered, part))


def link(part: str, words: str) -> str:
    """Return where a link with ``words`` leads."""
    found = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?\s*{re.escape(words)}', part)
    assert found, words
    return html.unescape(found[1])


def codes(page: str) -> list[str]:
    """Return the codes of the orders that a page shows."""
    return re.findall(r">(O-\d{3})<", page)


def test_the_switch_keeps_the_filters_and_the_filters_the_view(rep: Visitor, add: Add):
    add(1)
    page = rep.get("/orders?q=wolver&open=y&sort=total").text
    board = link(page, "Board")
    assert board == "/orders?q=wolver&open=y&view=board"
    page = rep.get(board).text
    assert '<input type="hidden" name="view" form="filters" value="board">' in page
    assert link(page, "List") == "/orders?q=wolver&open=y"
    assert link(page, "Calendar") == "/orders?q=wolver&open=y&view=calendar"


def test_the_board_has_a_column_for_each_open_status(rep: Visitor, add: Add):
    add(1, "new", units=12)
    add(2, "shipped")
    add(3, "completed")
    add(4, "cancelled")
    page = rep.get("/orders?view=board").text
    found = columns(page)
    assert list(found) == [s for s in OrderStatus if s not in ("completed", "cancelled")]
    assert codes(page) == ["O-001", "O-002"]
    assert "1 · $100.00" in found["new"]
    assert "0 · $0.00" in found["production"]
    assert "12 units" in found["new"]
    assert "Wolverton Wrestling Club" in found["new"]
    assert 'href="/orders/O-001"' in found["new"]


def test_closed_orders_have_columns_when_they_are_asked_for(rep: Visitor, add: Add):
    add(1, "completed")
    add(2)
    page = rep.get("/orders?view=board&status=completed").text
    assert list(columns(page)) == ["completed"]
    assert codes(page) == ["O-001"]


def test_a_long_column_shows_the_latest_and_leads_on_to_the_list(rep: Visitor, add: Add):
    for number in range(CARDS + 3):
        add(number)
    add(900, "shipped")
    found = columns(rep.get("/orders?view=board&q=O-0").text)["new"]
    assert codes(found) == [f"O-{n:03}" for n in range(CARDS)]
    url = link(found, "and 3 more")
    assert url == "/orders?q=O-0&status=new"
    assert f"{CARDS + 3} orders" in rep.get(url).text


@pytest.mark.parametrize("view", ["list", "board", "calendar"])
def test_each_view_shows_only_what_one_may_read(rep: Visitor, add: Add, view: str):
    add(1, day=today(), who="sales2")
    add(2, day=today())
    page = rep.get(f"/orders?view={view}").text
    assert codes(page) == ["O-002"]


@pytest.mark.parametrize("view", ["board", "calendar"])
def test_what_is_late_says_so(rep: Visitor, add: Add, view: str):
    past = today() - timedelta(days=2)  # in the reader's zone it may be yesterday still
    for number, status in enumerate(["production", "shipped"]):
        add(number, status, past)
    page = rep.get(f"/orders?view={view}&month={past:%Y-%m}").text
    assert page.count('<span class="badge bad">Late</span>') == 1
    assert codes(rep.get("/orders?late=y").text) == ["O-000"]


def test_a_month_has_its_weeks_from_monday(rep: Visitor, add: Add):
    add(1, day=date(2026, 11, 5))
    add(2, day=date(2026, 12, 1))
    page = rep.get(NOVEMBER).text
    assert "November 2026" in page
    assert re.findall(r'<abbr title="(\w+)"', page)[::6] == ["Monday", "Sunday"]
    first_week = page.split("<tbody>")[1].split("</tr>")[0]
    assert first_week.count('class="elsewhere"') == 6  # the first of November is a Sunday
    assert codes(page) == ["O-001"]
    assert codes(cell(page, 5)) == ["O-001"]


def test_a_full_day_leads_on_to_the_list_of_that_day(rep: Visitor, add: Add):
    for number in range(7):
        add(number, day=date(2026, 11, 5))
    add(7, "cancelled", date(2026, 11, 5))
    add(8, day=date(2026, 11, 6))
    found = cell(rep.get(NOVEMBER + "&q=wolver").text, 5)
    assert len(codes(found)) == 4
    page = rep.get(link(found, "+3 more")).text
    assert sorted(codes(page)) == [f"O-{n:03}" for n in range(7)]
    assert 'name="view" form="filters" value=""' in page


def test_orders_without_a_day_are_counted_with_a_link_to_them(rep: Visitor, add: Add):
    add(1)
    add(2)
    add(3, day=date(2026, 11, 5))
    page = rep.get(NOVEMBER).text
    assert sorted(codes(rep.get(link(page, "2 without a day")).text)) == ["O-001", "O-002"]
    late = "/orders?delivery_from=2026-11-05"
    assert codes(rep.get(late).text) == ["O-003"]


def test_months_lead_on_and_back_with_the_filters(rep: Visitor, add: Add):
    page = rep.get("/orders?view=calendar&month=2026-12&open=y").text
    assert link(page, "Next") == "/orders?view=calendar&month=2027-01&open=y"
    assert link(page, "Previous") == "/orders?view=calendar&month=2026-11&open=y"
    assert link(page, "Today") == "/orders?view=calendar&open=y"
    assert "No order is wanted in December 2026" in page
    assert ">Next<" not in rep.get("/orders?view=calendar&month=2199-12").text
    assert "January 1900" in rep.get("/orders?view=calendar&month=1900-01").text


@pytest.mark.parametrize("month", ["x", "9999-99", "0001-01", "2200-01", "2026-11-05", "%00", "-1"])
def test_a_month_that_is_none_says_so(rep: Visitor, add: Add, month: str):
    answer = rep.get(f"/orders?view=calendar&month={month}")
    assert answer.status_code == 422
    assert "There is no such month." in answer.text
    assert f"{today():%B %Y}" in answer.text


@pytest.mark.parametrize("query", ["view=x", "view=board&status=x", "view=calendar&placed_to=%00"])
def test_a_view_or_a_filter_that_cannot_be_read_says_so(rep: Visitor, add: Add, query: str):
    add(1, day=today())
    answer = rep.get(f"/orders?{query}")
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert codes(answer.text) == []


def test_the_download_of_each_view_holds_what_it_shows(rep: Visitor, add: Add):
    add(1, day=date(2026, 11, 5))
    add(2, "completed", date(2026, 11, 30))
    add(3, "cancelled", date(2026, 11, 5))
    add(4)
    want = {
        "/orders?q=wolver": ["O-001", "O-002", "O-003", "O-004"],
        "/orders?view=board": ["O-001", "O-004"],
        NOVEMBER: ["O-001", "O-002"],
    }
    for url, expected in want.items():
        answer = rep.get(link(rep.get(url).text, "CSV"))
        rows = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
        assert sorted(row["Order"] for row in rows) == expected


def test_htmx_gets_the_view_alone(rep: Visitor, add: Add):
    answer = rep.hx_get("/orders?view=board&q=&status=", target="results")
    assert answer.headers["HX-Push-Url"] == "/orders?view=board"
    assert "<h1" not in answer.text


@pytest.mark.parametrize("url", ["/orders?view=board", NOVEMBER])
def test_the_statements_do_not_grow_with_the_orders(
    rep: Visitor, add: Add, statements: Statements, url: str
):
    def count() -> int:
        before = statements.count
        with statements:
            rep.get(url)
        return statements.count - before

    add(0, day=date(2026, 11, 1))
    rep.get(url)
    one = count()
    for number in range(1, 40):
        add(number, list(OrderStatus)[number % 7], date(2026, 11, 1 + number % 30))
    assert count() == one


@contextmanager
def caught() -> Iterator[list[tuple[str, Any]]]:
    """Collect the statements that read first rows and sums of groups."""
    found: list[tuple[str, Any]] = []

    def catch(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        if "UNION ALL" in statement and "orders" in statement:
            found.append((statement, values))

    event.listen(Engine, "before_cursor_execute", catch)
    yield found
    event.remove(Engine, "before_cursor_execute", catch)


@pytest.mark.parametrize("view", ["board", "calendar"])
def test_board_and_calendar_read_indexes_and_not_the_table(
    visit: Visit, session: Session, cast: Cast, view: str
):
    add_orders(session, cast, 1, 20_000, customers=2)
    with caught() as found:
        page = visit("admin").get(f"/orders?view={view}").text
    assert ("1,000+" if view == "board" else "and more") in page
    assert len(found) == 2
    # Which is cheaper here depends on statistics of the moment; that an index serves does not.
    session.execute(text("SET LOCAL enable_seqscan = off"))
    for statement, values in found:
        plan = session.connection().exec_driver_sql(f"EXPLAIN {statement}", values)
        shown = "\n".join(row[0] for row in plan)
        assert "Seq Scan on orders" not in shown, shown
