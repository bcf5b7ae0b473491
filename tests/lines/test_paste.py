"""Pasted rows: read, matched with the catalog, previewed, and written only when accepted."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast, add_product
from tests.conftest import Statements
from tests.drafts import Draft
from tests.visitor import Visitor
from wholesale.catalog.models import APPAREL_RUN, Category, Product, SizeRun, Variant
from wholesale.lines.matching import match_text
from wholesale.lines.paste import read_rows
from wholesale.orders.models import Order, OrderLine

RUNS = [APPAREL_RUN, ["28", "30", "32"], ["9", "9.5", "10", "12"], ["One size"]]


def read(text: str) -> list[tuple[str, str | None, int | None]]:
    """Return words, size and units of each row."""
    return [(row.words, row.size, row.units) for row in read_rows(text, RUNS)]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("JRS-1-NAVY\tM\t12", ("JRS-1-NAVY", "M", 12)),
        ("JRS-1 Navy M 12", ("JRS-1 Navy", "M", 12)),
        ("12 x Home jersey Navy XXL", ("Home jersey Navy", "2XL", 12)),
        ("Home jersey, Navy, m, 12", ("Home jersey Navy", "M", 12)),
        ("Home jersey; Navy; medium; 12 pcs", ("Home jersey Navy", "M", 12)),
        ("SHOE-1\t9.5\t4", ("SHOE-1", "9.5", 4)),
    ],
)
def test_a_row_in_many_spellings(text: str, row: tuple[str, str, int]):
    assert read(text) == [row]


def test_a_header_with_sizes_names_the_columns():
    text = "Style\tColour\tS\tM\tXXL\tTotal\nJRS-1\tNavy\t3\t\t4\t7\nJRS-1\tRed\t0\t5\t\t5"
    assert read(text) == [
        ("JRS-1 Navy", "S", 3),
        ("JRS-1 Navy", "2XL", 4),
        ("JRS-1 Red", "M", 5),
    ]


def test_a_size_beside_its_units_is_no_header():
    assert read("SHOE-1\t9\t12") == [("SHOE-1", None, None)]
    assert read("JRS-1\tM\t12") == [("JRS-1", "M", 12)]


def test_a_line_of_headings_alone_is_left_out():
    assert read("Item\tSize\tQty\nJRS-1\tM\t2") == [("JRS-1", "M", 2)]


def test_more_than_can_be_looked_at_is_refused():
    with pytest.raises(ValueError, match="500 rows at most"):
        read("JRS-1 M 1\n" * 501)


@pytest.fixture
def shelves(session: Session, cast: Cast) -> None:
    """A second jersey with a longer name, shorts in numbers, and caps in one size."""
    add_product(session, "JRS-2", "Home jersey pro", ["Navy"])
    category = session.query(Category).one()
    shorts = Product(sku="SHO-1", name="Board shorts", base_price=30, category=category)
    shorts.size_run = SizeRun(name="Numeric", sizes=["28", "30", "32"])
    shorts.variants = [Variant(code="SHO-1-BLK", colour="Black")]
    cap = Product(sku="CAP-1", name="Cap", base_price=9, category=category)
    cap.size_run = SizeRun(name="One", sizes=["One size"])
    cap.variants = [Variant(code="CAP-1-RED", colour="Red")]
    session.add_all([shorts, cap])
    session.commit()


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("jrs-1-navy M 12", ("JRS-1-NAVY", "M", 12)),
        ("JRS-1 navy m 12", ("JRS-1-NAVY", "M", 12)),
        ("12 x HOME JERSEY red 2xl", ("JRS-1-RED", "2XL", 12)),
        ("home jersey pro L 3", ("JRS-2-NAVY", "L", 3)),
        ("SHO-1 32 5", ("SHO-1-BLK", "32", 5)),
        ("Board shorts 28 30", ("SHO-1-BLK", "28", 30)),
        ("CAP-1 24", ("CAP-1-RED", "One size", 24)),
    ],
)
def test_what_a_row_means(shelves: None, session: Session, text: str, means: tuple[Any, ...]):
    (found,) = match_text(session, text)
    assert found.is_ready, found.problem
    assert (found.variant.code, found.size, found.units) == means


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Umbrella M 3", "No product or colour is called “Umbrella”."),
        ("M 3", "No product is named."),
        ("JRS-1-NAVY 12", "Which size? It comes in YXS"),
        ("JRS-1-NAVY M", "How many?"),
        ("JRS-1-NAVY M 0", "How many?"),
        ("SHO-1 M 5", "Board shorts does not come in M."),
        ("JRS-1 M 3", "Which one?"),
    ],
)
def test_why_a_row_is_not_ready(shelves: None, session: Session, text: str, problem: str):
    (found,) = match_text(session, text)
    assert not found.is_ready
    assert found.problem.startswith(problem)


def send(rep: Visitor, draft: Draft, text: str, **fields: str):
    """Send the form of pasted rows."""
    return rep.post(f"/orders/{draft.ref}/paste", {"rows": text, **fields})


def quantities(session: Session) -> dict[str, dict[str, int]]:
    """Return the order's quantities by variant code."""
    session.rollback()
    return {line.variant.code: line.quantities for line in session.query(OrderLine)}


def version(session: Session) -> str:
    """Return how often the order's rows have changed."""
    session.rollback()
    return str(session.query(Order).one().lines_version)


def test_a_preview_writes_nothing(rep: Visitor, draft: Draft, session: Session):
    answer = send(rep, draft, "JRS-1-NAVY M 12\nNOPE M 1")
    assert "1 of 2 rows are ready, 12 units" in answer.text
    assert "No product or colour is called “NOPE”." in answer.text
    assert not any(quantities(session).values())


def test_what_is_ready_is_added_and_the_rest_said(
    rep: Visitor, draft: Draft, shelves: None, session: Session
):
    text = "JRS-1-NAVY M 12\nJRS-1-NAVY M 3\nNOPE M 1\nSHO-1 30 6"
    answer = send(rep, draft, text, then="add", lines_version=version(session))
    assert "3 rows are added." in answer.text
    assert ">\r\nNOPE M 1</textarea>" in answer.text  # stays, to be mended
    assert "0 of 1 row is ready" in answer.text
    found = quantities(session)
    assert found["JRS-1-NAVY"] == {"M": 15}
    assert found["SHO-1-BLK"] == {"30": 6}
    assert session.query(Order).one().units == 21


def test_a_cell_under_a_header_stays_by_itself(rep: Visitor, draft: Draft, session: Session):
    text = "Style\tColour\tS\tM\nJRS-1\tNavy\t3\tmany"
    answer = send(rep, draft, text, then="add", lines_version=version(session))
    assert quantities(session)["JRS-1-NAVY"] == {"S": 3}
    assert ">\r\nJRS-1 Navy\tM\t</textarea>" in answer.text


def test_a_second_click_adds_nothing(rep: Visitor, draft: Draft, session: Session):
    seen = version(session)
    send(rep, draft, "JRS-1-NAVY M 12", then="add", lines_version=seen)
    answer = send(rep, draft, "JRS-1-NAVY M 12", then="add", lines_version=seen)
    assert answer.status_code == 422
    assert "in it already" in answer.text
    assert quantities(session)["JRS-1-NAVY"] == {"M": 12}


def test_an_ambiguous_row_is_chosen(rep: Visitor, draft: Draft, session: Session, cast: Cast):
    red = str(cast.variants["Red"])
    fields = {"choice.0": red, "then": "add", "lines_version": version(session)}
    assert "What line 1 means" in send(rep, draft, "JRS-1 M 3").text
    send(rep, draft, "JRS-1 M 3", **fields)
    assert quantities(session)["JRS-1-RED"] == {"M": 3}


def test_a_choice_that_was_not_offered_is_none(rep: Visitor, draft: Draft, session: Session):
    answer = send(rep, draft, "JRS-1 M 3", **{"choice.0": "999999999", "choice.x": "<"})
    assert "0 of 1 row is ready" in answer.text


def test_a_cell_that_overflows_is_told_and_nothing_written(
    rep: Visitor, draft: Draft, session: Session
):
    text = "JRS-1-NAVY M 99999\nJRS-1-NAVY M 1\nJRS-1-RED M 1"
    answer = send(rep, draft, text, then="add", lines_version=version(session))
    assert answer.status_code == 422
    assert "A cell holds 99,999 units at most." in answer.text
    assert not any(quantities(session).values())


@pytest.mark.parametrize("text", ["", "   ", "\x00", "x" * 100_001])
def test_text_that_says_nothing_is_refused(rep: Visitor, draft: Draft, text: str):
    assert send(rep, draft, text).status_code == 422


def test_hostile_text_is_shown_as_text(rep: Visitor, draft: Draft):
    answer = send(rep, draft, "<script>alert(1)</script>\tM\t1\nJRS\x00-1-NAVY M 2\n%_' M 3")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_two_hundred_rows_with_five_bad_ones(
    rep: Visitor, draft: Draft, session: Session, statements: Statements
):
    good = [f"JRS-1\t{c}\t{s}\t{n}" for n in range(1, 8) for c in draft.lines for s in APPAREL_RUN]
    rows = good[:195] + ["NOPE M 1", "JRS-1-RED Q 1", "JRS-1 M 4", "JRS-1-RED M", "JRS-1-RED 1"]
    rep.get("/")
    with statements:
        few = send(rep, draft, "\n".join(rows[194:196]))
    first, statements.count = statements.count, 0
    with statements:
        answer = send(rep, draft, "\n".join(rows))
    assert few.status_code == answer.status_code == 200
    assert "195 of 200 rows are ready" in answer.text
    assert statements.count == first
