"""Undoing by the rules of the records: what is under way or others' stands, what fails is told."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.imports.desk import ImportDesk
from wholesale.accounts.models import User
from wholesale.core.clock import now
from wholesale.customers.models import Organization
from wholesale.imports.obstacles import hold
from wholesale.orders.models import Order, OrderLine

CUSTOMERS = "Name,City,Phone\nRidge Runners,Ridge,1\nWolverton Wrestling Club,Wolverton,2\n"
ORDERS = "Order,Customer,Variant,Price,M\nPO-1,Wolverton Wrestling Club,JRS-1-NAVY,10,12\n"
MORE = ORDERS.replace(",12", ",20")


def order(session: Session) -> Order:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Order).where(Order.code == "PO-1")).one()


def test_an_order_under_way_stands_as_it_is(ops: ImportDesk, session: Session, cast: Cast):
    ops.load("orders", ORDERS)
    imported = ops.load("orders", MORE)
    order(session).status = "invoiced"
    session.commit()
    ops.step(imported, "undo")
    assert ops.seen(imported.id).status == "loaded"
    assert "The order PO-1 is invoiced: it stands as it is." in ops.page(imported)
    assert order(session).total == Decimal(200)


def test_its_records_are_held_while_it_is_checked(
    ops: ImportDesk, session: Session, engine: Engine, cast: Cast
):
    customers, orders = ops.load("organizations", CUSTOMERS), ops.load("orders", ORDERS)
    hold(session, customers.id)
    hold(session, orders.id)
    for table in ("organizations", "orders", "order_lines"):
        with engine.connect() as other, pytest.raises(OperationalError, match="could not obtain"):
            other.execute(text(f"SELECT 1 FROM {table} ORDER BY id FOR UPDATE NOWAIT"))
    session.rollback()


def test_an_undo_that_breaks_off_can_be_done_again(ops: ImportDesk, session: Session, cast: Cast):
    imported = ops.load("organizations", CUSTOMERS)
    session.execute(text("ALTER TABLE import_changes RENAME TO import_changes_away"))
    session.commit()
    try:
        ops.step(imported, "undo")
    finally:
        session.rollback()
        session.execute(text("ALTER TABLE import_changes_away RENAME TO import_changes"))
        session.commit()
    assert ops.seen(imported.id).status == "loaded"
    assert "Something went wrong, and nothing was written. Try again." in ops.page(imported)
    assert ops.step(imported, "discard").status_code == 409
    ops.step(imported, "undo")
    assert ops.seen(imported.id).status == "undone"


def test_what_stands_in_the_records_cannot_be_discarded(ops: ImportDesk, session: Session):
    imported = ops.load("organizations", CUSTOMERS)
    imported.status = "failed"
    session.commit()
    assert ops.step(imported, "discard").status_code == 409


def test_more_lines_than_a_statement_has_parameters(ops: ImportDesk, session: Session, cast: Cast):
    imported = ops.load("orders", ORDERS)
    values = {"customer": cast.organization, "key": imported.id}
    session.execute(
        text(
            "WITH o AS (INSERT INTO orders (code, placed_at, organization_id, status)"
            " SELECT 'X-' || g, now(), :customer, 'new' FROM generate_series(1, 66000) g"
            " RETURNING id), l AS (INSERT INTO order_lines (order_id, variant_id, product_id,"
            " sizes, unit_price, quantities) SELECT o.id, n.variant_id, n.product_id, '{M}', 1,"
            """ '{"M": 1}' FROM o, order_lines n RETURNING id)"""
            " INSERT INTO import_changes (import_id, entity, entity_id)"
            " SELECT :key, 'orders', id FROM o UNION ALL SELECT :key, 'order_lines', id FROM l"
        ),
        values,
    )
    session.commit()
    session.execute(text("ANALYZE"))
    session.commit()
    ops.step(imported, "undo")
    assert ops.seen(imported.id).status == "undone", ops.seen(imported.id).message
    assert session.scalar(select(func.count(OrderLine.id))) == 0


def test_it_needs_the_permission_of_now(ops: ImportDesk, session: Session, cast: Cast):
    imported = ops.load("organizations", CUSTOMERS)
    session.get_one(User, cast.users["ops"]).role = "designer"
    session.commit()
    ops.step(imported, "undo")
    assert ops.seen(imported.id).status == "loaded"
    assert ops.seen(imported.id).message == "The permission to import this is gone."


def test_a_rep_takes_nothing_back_at_a_customer_that_is_anothers_now(
    desk_of: Callable[[str], ImportDesk], session: Session, cast: Cast
):
    rep = desk_of("sales")
    imported = rep.load("organizations", CUSTOMERS)
    session.get_one(Organization, cast.organization).salesperson_id = cast.users["sales2"]
    session.commit()
    rep.step(imported, "undo")
    assert rep.seen(imported.id).message == "Wolverton Wrestling Club is somebody else's."
    assert session.get_one(Organization, cast.organization).phone == "2"


def test_an_administrator_takes_back_what_another_one_imported(
    desk_of: Callable[[str], ImportDesk], session: Session, cast: Cast
):
    imported = desk_of("sales").load("organizations", CUSTOMERS)
    session.get_one(User, cast.users["sales"]).is_active = False
    session.commit()
    desk_of("admin").step(imported, "undo")
    assert desk_of("admin").seen(imported.id).status == "undone"


def test_sizes_are_to_be_confirmed_again_after_both(ops: ImportDesk, session: Session, cast: Cast):
    ops.load("orders", ORDERS)
    _confirm_sizes(session)
    imported = ops.load("orders", MORE)
    assert order(session).sizes_confirmed_at is None
    _confirm_sizes(session)
    ops.step(imported, "undo")
    assert order(session).sizes_confirmed_at is None


def _confirm_sizes(session: Session) -> None:
    order(session).sizes_confirmed_at = now()
    session.commit()
