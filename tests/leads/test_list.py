"""The list of leads: filters, order, pages, downloads; the board takes the same filters."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.leads.conftest import Add
from tests.visitor import Visitor
from wholesale.core.clock import now

Visit = Callable[[str], Visitor]


def names(page: str) -> list[str]:
    """Return the leads of a list in order."""
    return re.findall(r'<th scope="row"><a [^>]*href="/leads/[^"]*"[^>]*>([^<]*)</a>', page)


@pytest.fixture
def some(add: Add, cast: Cast) -> None:
    """Leads of all sorts."""
    add("Singlets", score=10, value=Decimal(900), person="Ana Ridge", email="ana@ridge.example")
    add("Caps", owner=None, stage="hot", score=90, value=Decimal(50))
    add("Hoodies", idle=15, next_step_on=date(2030, 1, 2), value=Decimal(100))
    add("Warm-ups", idle=40, stage="client", company="", organization_id=cast.organization)
    add("Old kit", archived_at=now())
    add("Socks", owner="sales2", company="Bärenfels")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Singlets", "Caps", "Hoodies", "Warm-ups"]),
        ("q=RIDGE ana", ["Singlets"]),
        ("q=ana@ridge", ["Singlets"]),
        ("q=wolvert", ["Warm-ups"]),
        ("q=l-2", ["Caps"]),
        ("q=%25", []),
        ("owner=me", ["Singlets", "Hoodies", "Warm-ups"]),
        ("owner=none", ["Caps"]),
        ("stage=hot&stage=client", ["Caps", "Warm-ups"]),
        ("stale=y", ["Hoodies"]),
        ("archived=y", ["Old kit"]),
        ("stale=y&archived=y", []),
    ],
)
def test_a_filter_lets_through_the_same_leads_on_list_board_and_in_the_file(
    rep: Visitor, some: None, query: str, found: list[str]
):
    assert sorted(names(rep.get(f"/leads?view=list&{query}").text)) == sorted(found)
    board = re.findall(r"<h3><a [^>]*>([^<]*)</a></h3>", rep.get(f"/leads?{query}").text)
    assert sorted(board) == sorted(found)
    rows = csv.DictReader(io.StringIO(rep.get(f"/leads.csv?{query}").text.removeprefix("\ufeff")))
    assert sorted(row["Name"] for row in rows) == sorted(found)


def test_the_leads_of_one_customer(rep: Visitor, some: None, cast: Cast):
    page = rep.get(f"/leads?view=list&organization={cast.organization}").text
    assert names(page) == ["Warm-ups"]
    assert "of Wolverton Wrestling Club" in page
    panel = rep.hx_get(f"/leads?organization={cast.organization}", target="organization-leads")
    assert "Warm-ups" in panel.text
    assert "Singlets" not in panel.text
    assert "<html" not in panel.text


def test_an_administrator_asks_for_one_persons_leads(visit: Visit, some: None, cast: Cast):
    admin, rival = visit("admin"), cast.users["sales2"]
    assert names(admin.get(f"/leads?view=list&owner={rival}").text) == ["Socks"]
    assert visit("sales").get(f"/leads?owner={rival}").status_code == 422


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("-activity", ["Singlets", "Hoodies", "Warm-ups"]),
        ("activity", ["Warm-ups", "Hoodies", "Singlets"]),
        ("name", ["Hoodies", "Singlets", "Warm-ups"]),
        ("-value", ["Singlets", "Hoodies", "Warm-ups"]),
        ("-score", ["Singlets", "Warm-ups", "Hoodies"]),
        ("next", ["Hoodies", "Singlets", "Warm-ups"]),
    ],
)
def test_a_heading_sorts_the_list_and_the_file(
    rep: Visitor, some: None, sort: str, order: list[str]
):
    assert names(rep.get(f"/leads?view=list&owner=me&sort={sort}").text) == order
    text = rep.get(f"/leads.csv?owner=me&sort={sort}").text.removeprefix("\ufeff")
    assert [row["Name"] for row in csv.DictReader(io.StringIO(text))] == order


def test_every_lead_stands_on_one_page(rep: Visitor, add: Add):
    for number in range(120):
        add(f"Kit {number:03}", idle=number // 7)
    url, seen = "/leads?view=list&sort=next", []
    while url:
        page = rep.get(url).text
        seen += names(page)
        links = re.findall(r'href="(/leads\?[^"]*after=[^"]*)"', page)
        url = links[0].replace("&amp;", "&") if links else ""
    assert len(seen) == len(set(seen)) == 120


def test_the_files_hold_who_how_much_and_what_next(rep: Visitor, some: None):
    text = rep.get("/leads.csv?q=singlets").text.removeprefix("\ufeff")
    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["Lead"], row["Company"], row["Owner"]) == ("L-1", "Ridge Runners", "Rita Rep")
    assert Decimal(row["Value"]) == 900
    sheet = load_workbook(io.BytesIO(rep.get("/leads.xlsx?owner=me").data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("Lead", "Name", "Customer")
    assert [row[1] for row in rows[1:]] == ["Singlets", "Hoodies", "Warm-ups"]
    assert rows[-1][2] == "Wolverton Wrestling Club"


@pytest.mark.parametrize(
    "query", ["owner=abc", "owner=9999999999", "stage=won", "organization=9999999999"]
)
@pytest.mark.parametrize("view", ["/leads?", "/leads?view=list&", "/leads.csv?"])
def test_a_filter_that_cannot_be_read_shows_nothing(
    rep: Visitor, some: None, view: str, query: str
):
    answer = rep.get(view + query)
    assert answer.status_code == 422
    assert "Singlets" not in answer.text
    panel = rep.hx_get(f"/leads?{query}", target="organization-leads")
    assert "No leads to show." in panel.text


def test_stale_is_an_open_lead_with_nothing_for_two_weeks(rep: Visitor, add: Add, session: Session):
    add("Fresh", idle=13)
    add("Waiting", idle=15)
    add("Won", idle=15, stage="client")
    add("Lost", idle=15, stage="no_answer")
    put_away = add("Away", idle=15, archived_at=now())
    assert names(rep.get("/leads?view=list&stale=y").text) == ["Waiting"]
    assert rep.get("/leads").text.count(">Stale</span>") == 1
    assert not put_away.is_stale
