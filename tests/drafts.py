"""Fixtures of orders: a rep's draft with a jersey, and a placed one."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.visitor import Visitor
from wholesale.orders.models import Order, OrderLine


@dataclass
class Draft:
    """A draft of the rep: its address part, and its lines' keys by colour."""

    ref: str
    lines: dict[str, int]

    def cell(self, colour: str, size: str) -> str:
        """Return the field name of one cell."""
        return f"q.{self.lines[colour]}.{size}"


@pytest.fixture
def draft(rep: Visitor, session: Session, cast: Cast) -> Draft:
    """A new order of the rep for the wrestling club, with the jersey added."""
    rep.post("/orders/new", {"organization_id": cast.organization, "key": str(uuid4())})
    order = session.query(Order).one()
    rep.post(f"/orders/{order.ref}/products", {"product_id": cast.product})
    lines = session.query(OrderLine).order_by(OrderLine.position)
    return Draft(order.ref, {line.variant.colour: line.id for line in lines})


@pytest.fixture
def placed(rep: Visitor, session: Session, draft: Draft) -> str:
    """The code of an order of twelve navy jerseys in M."""
    rep.post(f"/orders/{draft.ref}/lines", {draft.cell("Navy", "M"): "12", "then": "place"})
    session.rollback()
    order = session.query(Order).one()
    assert order.code is not None
    assert order.total == Decimal("240.00")
    return order.code
