"""Measures long orders: opening them, editing a cell, adding a style, saving the grid."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from uuid import uuid4

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.bench.measure import Measured, measure
from tests.bench.pages import EMPTY
from tests.cast import Cast
from tests.visitor import Visitor
from wholesale.extensions import db
from wholesale.orders.models import Order

LENGTHS = (1, 50, 200, 500)
FULL = {"S": 3, "M": 4, "L": 5, "XL": 3, "2XL": 1}
ROUNDS_OF_SAVES = 12
COPY = """
INSERT INTO order_lines ({columns}, order_id) SELECT {columns}, :to FROM order_lines
WHERE order_id = :source ORDER BY id LIMIT :lines
"""


def measure_documents(app: Flask, cast: Cast) -> tuple[Measured, list[Measured]]:
    """Return the empty page, and what an order's page and its saves take at each length."""
    found = []
    rep = Visitor(app, db.session).signed_in(cast.users["sales"])
    empty = measure(db.engine, "empty page", partial(rep.get, EMPTY))
    source = full_order(rep, cast)
    for lines in LENGTHS:
        ref, keys = copied(rep, cast, source, lines)
        url = f"/orders/{ref}/lines"
        calls: dict[str, Callable[[], TestResponse]] = {
            "open": partial(rep.get, f"/orders/{ref}"),
            "edit a cell": saves(rep, url, keys[:1]),
            "save a cell of each line": saves(rep, url, keys),
        }
        for name, call in calls.items():
            rounds = {"rounds": ROUNDS_OF_SAVES} if len(keys) > 50 and "each" in name else {}
            found.append(measure(db.engine, f"{name}, {_lines(lines)}", call, **rounds))
    return empty, found


def _lines(number: int) -> str:
    return "1 line" if number == 1 else f"{number} lines"


def saves(rep: Visitor, url: str, keys: Sequence[int]) -> Callable[[], TestResponse]:
    """Return a call that types another quantity into the M of each of ``keys`` every time."""
    numbers = count(1)

    def save() -> TestResponse:
        number = str(next(numbers))
        return rep.hx_post(url, {f"q.{key}.M": number for key in keys})

    return save


def full_order(rep: Visitor, cast: Cast) -> int:
    """Enter an order of 500 lines by the picker; return its key."""
    _begin(rep, cast)
    session = db.session
    order = session.query(Order).order_by(Order.id.desc()).first()
    assert order is not None
    ref, key = order.ref, order.id
    styles = session.scalars(text("SELECT id FROM products WHERE sku LIKE 'BEN-%'")).all()
    for style in styles[: LENGTHS[-1] // 10]:
        rep.hx_post(f"/orders/{ref}/products", {"product_id": style})
    for line in session.get_one(Order, key, populate_existing=True).lines:
        line.quantities = dict(FULL)
    session.commit()
    return key


def _begin(rep: Visitor, cast: Cast) -> None:
    rep.post("/orders/new", {"organization_id": cast.organization, "key": str(uuid4())})


def copied(rep: Visitor, cast: Cast, source: int, lines: int) -> tuple[str, list[int]]:
    """Begin an order with the first ``lines`` of ``source``; return its ref and its lines' keys."""
    _begin(rep, cast)
    session: Session = db.session  # type: ignore[assignment]
    order = session.query(Order).order_by(Order.id.desc()).first()
    assert order is not None
    columns = session.scalars(
        text(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'order_lines'"
            " AND column_name NOT IN ('id', 'order_id') AND is_generated = 'NEVER'"
        )
    )
    copy = COPY.format(columns=", ".join(columns))
    session.execute(text(copy), {"source": source, "to": order.id, "lines": lines})
    keys = session.scalars(
        text("SELECT id FROM order_lines WHERE order_id = :key ORDER BY id"), {"key": order.id}
    ).all()
    ref = order.ref
    session.commit()
    return ref, list(keys)
