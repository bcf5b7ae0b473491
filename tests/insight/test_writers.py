"""Whoever writes orders waits for nobody because of the sums, and these for no writer."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.insight.test_figures import order
from wholesale.insight.models import OrderDelta, StatusSum
from wholesale.orders.models import Order

FOLD = text("SELECT fold_order_deltas()")


@pytest.fixture
def impatient(app: Flask, engine: Engine) -> Iterator[list[Connection]]:
    """Three connections in open transactions that fail rather than wait for a lock.

    It stands on ``app``, so that they end before the database is emptied.
    """
    connections = [engine.connect() for _ in range(3)]
    for connection in connections:
        connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
    yield connections
    for connection in connections:
        connection.rollback()
        connection.close()


@pytest.fixture
def keys(session: Session, cast: Cast) -> list[int]:
    """Three orders of one person and one customer, in one status and month, in the sums."""
    orders = [order(cast, "sales", number) for number in (1, 2, 4)]
    session.add_all(orders)
    session.flush()
    session.execute(FOLD)
    session.commit()
    return [one.id for one in orders]


def pay(connection: Connection, key: int) -> None:
    """Change what an order comes to."""
    connection.execute(update(Order).where(Order.id == key).values(subtotal=Order.subtotal + 10))


def test_writers_of_the_same_sums_do_not_wait_for_each_other(
    impatient: list[Connection], keys: list[int]
):
    for connection, key in zip(impatient, keys, strict=True):
        pay(connection, key)
    for connection in reversed(impatient):
        connection.commit()


def test_folding_waits_for_no_writer_and_leaves_what_is_not_committed(
    impatient: list[Connection], keys: list[int], session: Session
):
    first, second, folder = impatient
    pay(first, keys[0])
    pay(second, keys[1])
    second.commit()
    assert folder.execute(FOLD).scalar_one() == 1
    folder.commit()
    first.commit()
    assert session.scalar(select(func.count()).select_from(OrderDelta)) == 1


def test_writers_do_not_wait_for_a_folding_but_a_second_folding_does(
    impatient: list[Connection], keys: list[int]
):
    folder, writer, other = impatient
    pay(folder, keys[0])
    folder.execute(FOLD)
    pay(writer, keys[1])
    writer.commit()
    with pytest.raises(OperationalError, match="lock timeout"):
        other.execute(FOLD)


def test_typing_adds_one_row_for_each_save_and_none_for_what_counts_for_nothing(
    session: Session, keys: list[int]
):
    for values in ({"subtotal": 77}, {"notes": "by the gate"}, {"code": "O-7"}, {"subtotal": 77}):
        session.execute(update(Order).where(Order.id == keys[0]).values(**values))
    assert session.execute(select(OrderDelta.orders, OrderDelta.total)).all() == [(0, -24)]


def test_many_rows_of_one_statement_and_truncating_are_counted(
    session: Session, keys: list[int], cast: Cast
):
    session.execute(update(Order).values(status="completed", archived_at=func.now()))
    session.execute(FOLD)
    found = dict(session.execute(select(StatusSum.status, StatusSum.orders)).all())
    assert found == {"new": 0, "completed": 3}
    session.execute(text("TRUNCATE orders CASCADE"))
    assert session.scalar(select(func.count()).select_from(StatusSum)) == 0
    session.rollback()
