"""The number of SQL statements of a request does not depend on the number of lines."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast, add_product
from tests.conftest import Statements
from tests.visitor import Visitor
from wholesale.orders.models import Order, OrderLine

COLOURS = [f"Colour {number}" for number in range(10)]


def order_of(rep: Visitor, session: Session, cast: Cast, products: int) -> tuple[str, list[int]]:
    """Enter an order of ``products`` × 10 lines; return its address part and its lines' keys."""
    rep.post("/orders/new", {"organization_id": cast.organization, "key": str(uuid4())})
    session.rollback()
    order = session.query(Order).order_by(Order.id.desc()).first()
    for number in range(products):
        product = add_product(session, f"P{products}-{number}", f"Product {number}", COLOURS)
        session.commit()
        rep.hx_post(f"/orders/{order.ref}/products", {"product_id": product.id})
    session.rollback()
    lines = session.query(OrderLine.id).filter_by(order_id=order.id).order_by(OrderLine.position)
    return order.ref, [line.id for line in lines]


@pytest.fixture
def short_and_long(rep: Visitor, session: Session, cast: Cast) -> list[tuple[str, list[int]]]:
    """An order of 10 lines and one of 300."""
    return [order_of(rep, session, cast, products) for products in (1, 30)]


def counted(statements: Statements, request: Any) -> tuple[int, Any]:
    """Return the statements that ``request()`` ran, and its answer."""
    statements.count = 0
    with statements:
        answer = request()
    return statements.count, answer


def test_opening(rep: Visitor, statements: Statements, short_and_long: Any):
    counts = [
        counted(statements, lambda r=ref: rep.get(f"/orders/{r}")) for ref, _ in short_and_long
    ]
    assert [answer.status_code for _, answer in counts] == [200, 200]
    assert counts[0][0] == counts[1][0] <= 5


def test_editing_one_cell(rep: Visitor, statements: Statements, short_and_long: Any):
    counts, sizes = [], []
    for ref, lines in short_and_long:
        form = {f"q.{lines[3]}.M": "7", f"was.q.{lines[3]}.M": ""}
        count, answer = counted(
            statements, lambda r=ref, f=form: rep.hx_post(f"/orders/{r}/lines", f)
        )
        assert answer.status_code == 200
        counts.append(count)
        sizes.append(len(answer.data))
    assert counts[0] == counts[1] <= 11
    assert sizes[1] - sizes[0] < 100  # only what changed travels


def test_saving_all_cells_at_once(rep: Visitor, statements: Statements, short_and_long: Any):
    counts = []
    for ref, lines in short_and_long:
        form = {f"q.{line}.M": "7" for line in lines}
        count, answer = counted(statements, lambda r=ref, f=form: rep.post(f"/orders/{r}/lines", f))
        assert answer.status_code == 303
        counts.append(count)
    assert counts[0] == counts[1] <= 12


def test_placing(rep: Visitor, statements: Statements, short_and_long: Any):
    counts = []
    for ref, _ in short_and_long:
        form = {"then": "place"}
        count, answer = counted(statements, lambda r=ref, f=form: rep.post(f"/orders/{r}/lines", f))
        assert answer.status_code == 303
        counts.append(count)
    assert counts[0] == counts[1] <= 15


def test_listing_orders(rep: Visitor, statements: Statements, short_and_long: Any):
    few, _ = counted(statements, lambda: rep.get("/orders"))
    for ref, _ in short_and_long:
        rep.post(f"/orders/{ref}/lines", {"then": "place"})
    rep.get("/orders")  # takes the messages of the two saves
    more, answer = counted(statements, lambda: rep.get("/orders"))
    assert "2 orders" in answer.text
    assert few == more <= 5
