"""A run and people who work on the same orders: who comes second sees what the first one did."""

import time

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.imports.desk import ImportDesk
from wholesale.imports import running
from wholesale.orders.models import Order, OrderLine

ORDERS = "Order,Customer,Variant,Price,M\nPO-1,Wolverton Wrestling Club,JRS-1-NAVY,10,12\n"
_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def test_an_order_that_moves_on_while_it_is_imported_keeps_its_lines(
    ops: ImportDesk, session: Session, cast: Cast
):
    ops.load("orders", ORDERS)
    imported = ops.check("orders", ORDERS.replace(",12", ",20"))
    session.scalars(select(Order)).one().status = "invoiced"
    session.flush()
    ops.visitor.post(f"/imports/{imported.id}/load", {"mode": "all"})
    for _ in range(200):
        if session.scalar(_WAITING):
            break
        time.sleep(0.05)
    session.commit()
    running.wait()
    assert ops.seen(imported.id).status == "checked"
    assert ops.problems(imported) == [(2, "Order", "The order is invoiced: it stands as it is.")]
    assert session.scalars(select(OrderLine.quantities)).all() == [{"M": 12}]
