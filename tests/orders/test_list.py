"""The list of orders: search, filters, sorting and pages, all in the address, and the download."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.bench.data import add_orders
from tests.cast import Cast
from tests.visitor import Visitor
from wholesale.customers.models import Organization
from wholesale.orders.models import Order

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def orders(session: Session, cast: Cast) -> None:
    """A hundred and twenty orders, one a day, two of three the rep's."""
    for number in range(120):
        session.add(
            Order(
                code=f"O-2026-{number:05}",
                name="=HYPERLINK(1)" if number == 7 else f"Set {number}",
                organization_id=cast.other_organization if number % 4 == 0 else cast.organization,
                salesperson_id=cast.users["sales2" if number % 3 == 0 else "sales"],
                status="completed" if number < 60 else "new",
                placed_at=START + timedelta(days=number),
                requested_delivery=None if number % 5 else date(2026, 12, 1 + number % 28),
                subtotal=Decimal(number * 10),
            )
        )
    session.commit()


def codes(page: str) -> list[str]:
    """Return the order codes of a page's rows, from top to bottom."""
    return [part[:12] for part in page.split('">O-2026-')[1:]]


def shown(answer_text: str) -> list[int]:
    """Return the numbers of the orders in a page's rows."""
    return [int(code[:5]) for code in codes(answer_text)]


def test_the_latest_orders_come_first_fifty_a_page(visit: Callable[[str], Visitor], orders: None):
    assert shown(visit("admin").get("/orders").text) == list(range(119, 69, -1))


def test_pages_follow_each_other_without_gap_or_repeat_and_lead_back(
    visit: Callable[[str], Visitor], orders: None
):
    admin, url, seen = visit("admin"), "/orders?sort=delivery", []
    for _ in range(3):
        page = admin.get(url).text
        seen += shown(page)
        links = [part.split('"')[0] for part in page.split('href="/orders?')[1:]]
        onward = [link for link in links if "after=" in link]
        back = [link for link in links if "before=" in link]
        url = "/orders?" + onward[0].replace("&amp;", "&") if onward else url
    assert sorted(seen) == list(range(120))
    before = "/orders?" + back[0].replace("&amp;", "&")
    assert shown(admin.get(before).text) == seen[50:100]


def test_words_find_code_name_and_customer(visit: Callable[[str], Visitor], orders: None):
    admin = visit("admin")
    assert shown(admin.get("/orders?q=2026-00042").text) == [42]
    assert shown(admin.get("/orders?q=SET 99").text) == [99]
    assert set(shown(admin.get("/orders?q=barenfels").text)) == set(range(0, 120, 4))


def test_a_renamed_customer_is_found_by_its_new_name(
    visit: Callable[[str], Visitor], orders: None, session: Session, cast: Cast
):
    session.get(Organization, cast.other_organization).name = "Zebra College"
    session.commit()
    assert len(shown(visit("admin").get("/orders?q=zebra").text)) == 30


def test_filters_by_status_salesperson_and_days_add_up(
    visit: Callable[[str], Visitor], orders: None, cast: Cast
):
    rival = cast.users["sales2"]
    url = f"/orders?status=new&salesperson={rival}&placed_from=2026-03-05&placed_to=2026-03-10"
    assert shown(visit("admin").get(url).text) == [66, 63]


def test_several_statuses_may_be_chosen(visit: Callable[[str], Visitor], orders: None):
    page = visit("admin").get("/orders?status=new&status=completed&q=set 5").text
    assert "Set 59" in page
    assert "Set 5 " in page or "Set 5<" in page


def test_sorting_by_total_goes_both_ways(visit: Callable[[str], Visitor], orders: None):
    admin = visit("admin")
    assert shown(admin.get("/orders?sort=total").text)[:2] == [0, 1]
    assert shown(admin.get("/orders?sort=-total").text)[:2] == [119, 118]


def test_the_count_is_exact_below_its_cap(visit: Callable[[str], Visitor], orders: None):
    assert "120 orders" in visit("admin").get("/orders").text


def test_a_rep_sees_only_their_own(rep: Visitor, orders: None):
    assert all(number % 3 for number in shown(rep.get("/orders").text))
    assert rep.get("/orders/O-2026-00003").status_code == 404
    assert "O-2026-00003" not in rep.get("/orders.csv").text


def test_htmx_gets_the_rows_and_the_address_without_empty_filters(
    visit: Callable[[str], Visitor], orders: None
):
    answer = visit("admin").hx_get("/orders?q=set+42&status=&salesperson=", target="results")
    assert answer.headers["HX-Push-Url"] == "/orders?q=set+42"
    assert 'id="filters"' not in answer.text
    assert shown(answer.text) == [42]


def test_the_csv_holds_exactly_what_is_filtered_in_its_order(
    visit: Callable[[str], Visitor], orders: None
):
    answer = visit("admin").get("/orders.csv?status=new&sort=total")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["Order"] for row in rows] == [f"O-2026-{n:05}" for n in range(60, 120)]
    assert rows[0]["Total"] == "600.00"
    assert rows[0]["Customer"] == "Bärenfels Athletics"


def test_formulas_in_names_are_made_harmless(visit: Callable[[str], Visitor], orders: None):
    assert ",'=HYPERLINK(1)," in visit("admin").get("/orders.csv?q=00007").text


def test_the_workbook_holds_the_same_rows(visit: Callable[[str], Visitor], orders: None):
    answer = visit("admin").get("/orders.xlsx?q=set 10")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "Order"
    assert len(rows) == 1 + 11  # Set 10, Set 100 … 109


@pytest.mark.parametrize(
    "query", ["placed_from=yesterday", "status=lost", "salesperson=x", "organization=0"]
)
def test_a_filter_that_cannot_be_read_says_so(
    visit: Callable[[str], Visitor], orders: None, query: str
):
    answer = visit("admin").get(f"/orders?{query}")
    assert answer.status_code == 422
    assert shown(answer.text) == []


@pytest.mark.parametrize(
    "query", ["sort=colour", "after=nonsense", "after=WyJ4IiwxXQ", "before=W10"]
)
def test_a_page_that_does_not_exist_says_so(
    visit: Callable[[str], Visitor], orders: None, query: str
):
    assert visit("admin").get(f"/orders?{query}").status_code == 422


def test_an_empty_list_says_what_to_do(rep: Visitor):
    assert "No order matches" in rep.get("/orders?q=nothing").text


def test_pages_deep_in_the_list_read_the_index_and_not_the_table(
    visit: Callable[[str], Visitor], session: Session, cast: Cast
):
    add_orders(session, cast, 1, 20_000, customers=2)
    admin = visit("admin")
    onward = admin.get("/orders").text.split("after=")[1].split('"')[0]
    found: list[tuple[str, object]] = []

    def catch(_: object, __: object, statement: str, values: object, *___: object) -> None:
        if "cursor_value" in statement:
            found.append((statement, values))

    event.listen(Engine, "before_cursor_execute", catch)
    admin.get(f"/orders?after={onward}")
    event.remove(Engine, "before_cursor_execute", catch)
    connection = session.connection()
    plan = connection.exec_driver_sql(f"EXPLAIN {found[0][0]}", found[0][1])
    text = "\n".join(row[0] for row in plan)
    assert "ix_orders_placed_at" in text
    assert "Seq Scan on orders" not in text
